public import TesseraCore
public import TesseraTime

extension PostgresStore: AuditStore {
    private static let columns = AuditEvent.columns.names

    private static let eventsOfAll = SQLText(
        "SELECT \(columns) FROM audit_event WHERE id < $1 ORDER BY id DESC LIMIT $2")
    private static let eventsOfAccount = SQLText(
        "SELECT \(columns) FROM audit_event WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3")
    private static let lastEventOfAccount = SQLText(
        "SELECT \(columns) FROM audit_event WHERE account_id = $1 AND action = $2 ORDER BY id DESC LIMIT 1")

    // The action is part of the text, because the partial index serves only then.
    private static let revocationOfToken = SQLText(
        """
        SELECT \(columns) FROM audit_event WHERE token_id = $1 AND action = 'token.revoked'
        ORDER BY id DESC LIMIT 1
        """)
    private static let pruneOld = SQLText(
        pruning("audit_event", by: "id", where: "at < $2::timestamptz"))

    /// Reads events in the order of identifiers, newest first.
    public func events(
        concerning user: User.ID?, before cursor: AuditEvent.ID?, limit: Int
    ) async throws(StoreError) -> [AuditEvent] {
        // The largest possible identifier stands for no cursor.
        let cursor = PostgresValue.identifier(cursor ?? AuditEvent.ID(high: .max, low: .max))
        if let user {
            return try await database.query(
                Self.eventsOfAccount, [.identifier(user), cursor, .integer(limit)]
            ) { row in try AuditEvent(row) }
        }
        return try await database.query(Self.eventsOfAll, [cursor, .integer(limit)]) { row in
            try AuditEvent(row)
        }
    }

    /// Reads the last event of a kind by the index of the account.
    public func lastEvent(
        _ action: AuditEvent.Action, concerning user: User.ID
    ) async throws(StoreError) -> AuditEvent? {
        try await database.first(
            Self.lastEventOfAccount, [.identifier(user), .text(action.rawValue)]
        ) { row in try AuditEvent(row) }
    }

    /// Reads the event by the partial index of revocations.
    public func revocation(of token: AccessToken.ID) async throws(StoreError) -> AuditEvent? {
        try await database.first(Self.revocationOfToken, [.identifier(token)]) { row in
            try AuditEvent(row)
        }
    }

    /// Deletes the oldest events, in the order of identifiers.
    public func pruneEvents(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        try await prune(Self.pruneOld, [.integer(limit), .instant(before)])
    }
}

/// Events, as parts of the statements whose changes they describe.
extension PostgresStore {
    /// The number of parameters of an event.
    static let eventWidth = AuditEvent.columns.count

    /// SQL that writes the event whose values are the parameters from `first` on, unless they are null.
    ///
    /// - Parameters:
    ///   - source: A table without which nothing is written: it must have a row.
    ///   - subject: A query for the subject, in place of that of the event; no row or null leaves the subject of the event.
    static func insertEvent(_ first: Int, if source: String? = nil, subject: String? = nil) -> String {
        var parts = AuditEvent.columns.parameters(from: first)
        if let subject { parts[6] = "coalesce((\(subject)), \(parts[6]))" }
        let values = parts.joined(separator: ", ")
        let condition = source.map { " AND EXISTS (SELECT FROM \($0))" } ?? ""
        return """
            INSERT INTO audit_event (\(columns))
            SELECT \(values) WHERE $\(first)::uuid IS NOT NULL\(condition)
            """
    }

    /// SQL that writes an event for each token of `source` (`id`, `name`), as ``AuditEvent/telling(of:named:number:)``
    /// does. The parameters from `first` on are ``valuesOfMany(_:)``.
    static func insertEvents(_ first: Int, forTokensOf source: String) -> String {
        """
        INSERT INTO audit_event (\(columns))
        SELECT (left($\(first)::uuid::text, 24) || lpad(to_hex(
                ($\(first + 1)::bigint + row_number() OVER (ORDER BY id) - 1) & 281474976710655
            ), 12, '0'))::uuid,
            $\(first + 2)::timestamptz, $\(first + 3)::text, $\(first + 4)::text, $\(first + 5)::uuid, id, name,
            $\(first + 6)::text
        FROM \(source)
        """
    }

    /// The parameters of an event; nulls for no event.
    static func values(_ event: AuditEvent?) -> [PostgresValue] {
        event?.values() ?? Array(repeating: .null, count: eventWidth)
    }

    /// The parameters of an event that stands for many: its identifier, the tail of the identifier, and the common values.
    static func valuesOfMany(_ event: AuditEvent) -> [PostgresValue] {
        [
            .identifier(event.id), .integer(Int64(event.id.tail)), .instant(event.at),
            .text(event.action.rawValue), .text(event.actor.text), .identifier(event.user),
            .text(event.address),
        ]
    }
}
