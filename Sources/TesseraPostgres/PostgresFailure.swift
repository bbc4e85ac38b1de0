import TesseraDatabase

/// An error of the server, by its SQLSTATE.
struct PostgresFailure: Error, Sendable {
    /// Five characters; empty when libpq itself found something wrong.
    let state: String
    /// The primary message alone: detail and context may repeat what was bound.
    let message: String

    /// Indicates that a repetition may succeed, because nothing of the transaction has happened.
    var isTransient: Bool {
        switch state {
        // Could not be put in order with others; deadlock. Two wrote the same key at the same moment: the statements
        // look before they write, so that the next time this one sees what the other has done.
        case "40001", "40P01", "23505": true
        // A statement that the server has forgotten, or whose tables have changed since it was prepared.
        case "26000", "0A000": true
        default: false
        }
    }

    /// Indicates that the result of the transaction is unknown: libpq or a proxy has lost the server, or a distributed database
    /// has lost the node that was committing.
    var leavesOutcomeOpen: Bool { state.isEmpty || state.hasPrefix("08") || state == "40003" }

    /// Indicates that statements must be prepared again.
    var losesStatements: Bool { state == "26000" || state == "0A000" }

    /// Indicates that the connection is no longer usable: the server announced its end, or became read-only.
    var endsConnection: Bool {
        state.isEmpty || state.hasPrefix("57P") || state.hasPrefix("08") || state == "25006"
            || state == "25P03"
    }

    /// Indicates that the condition of an authorization did not hold (`PostgresStore+Authorization.swift` raises this state).
    private var isEndedAuthorization: Bool { state == "2201E" }

    var storeError: StoreError {
        if isEndedAuthorization { return .authorizationEnded }
        let code: StoreError.Code =
            switch state {
            // No space left.
            case "53100": .full
            // A transaction that may only read; not allowed to.
            case "25006", "42501": .readOnly
            // The data or an index is damaged.
            case "XX001", "XX002": .corrupt
            // A value or a row that does not fit: what is stored and what is known here do not go together.
            case _ where state.hasPrefix("22") || state.hasPrefix("23"): .corrupt
            // A missing table or column, as long as the SQL itself is sound; a missing schema.
            case _ where state.hasPrefix("42") || state == "3F000": .notMigrated
            default: .unavailable
            }
        // Messages about a value that does not fit repeat it.
        let sentence =
            state.hasPrefix("22")
            ? "a value does not fit" : message.isEmpty ? "the connection broke" : message
        return StoreError(
            code, state.isEmpty ? "PostgreSQL: \(sentence)." : "PostgreSQL: \(sentence) (\(state)).")
    }
}
