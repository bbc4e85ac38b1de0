import TesseraDatabase

/// The kind of host to use, of those in a URL.
enum PostgresTarget: Sendable {
    /// The host that accepts changes. The answers of a standby are some time old: a token may have been revoked since.
    case primary
    /// A read-only host, which reports its progress with each answer.
    case standby(PostgresPrelude)

    /// The value of libpq's `target_session_attrs`, unless the URL has another.
    var attribute: String {
        switch self {
        case .primary: "primary"
        case .standby: "standby"
        }
    }

    /// Indicates that a failed read is sent again. A caller of a standby asks the primary instead.
    var repeatsReads: Bool {
        switch self {
        case .primary: true
        case .standby: false
        }
    }

    var prelude: PostgresPrelude? {
        switch self {
        case .primary: nil
        case .standby(let prelude): prelude
        }
    }
}

/// The statement at the beginning of every segment of reads. Each read gets its answer before its own.
struct PostgresPrelude: Sendable {
    /// Returns the statement, when a segment is sent.
    let step: @Sendable () -> PostgresStep
    /// Called for each new connection, before its first statement.
    let met: @Sendable () -> Void
    /// Returns the reason, from the answer, why the server is the wrong one; `nil` for the right one. The pool drops the
    /// connection to a wrong server.
    let fault: @Sendable (PostgresResult) -> StoreError?
}
