import TesseraDatabase

/// Which of the hosts of a URL is meant.
enum PostgresTarget: Sendable {
    /// The one that is written to. A standby answers with what was true some time ago, when a token may not have been
    /// revoked yet.
    case primary
    /// One that only reads, and shows with each answer how far it has come.
    case standby(PostgresPrelude)

    /// As libpq calls it, unless the URL says otherwise.
    var attribute: String {
        switch self {
        case .primary: "primary"
        case .standby: "standby"
        }
    }

    /// Whether a read that has failed is sent once more. Who asks a standby goes to the primary instead.
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

/// What every segment of reads begins with; each of them gets its answer in front of its own.
struct PostgresPrelude: Sendable {
    /// Asked for when a segment is sent.
    let step: @Sendable () -> PostgresStep
    /// Told of each connection that was made, before anything is asked there.
    let met: @Sendable () -> Void
    /// Why the server is not the one that is meant, by what it has answered; `nil` when it is. Its connection is given up.
    let fault: @Sendable (PostgresResult) -> StoreError?
}
