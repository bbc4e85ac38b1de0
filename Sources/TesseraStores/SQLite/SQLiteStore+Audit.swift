public import TesseraCore
public import TesseraTime

extension SQLiteStore: AuditStore {
    private static let columns = AuditEvent.columns.sqliteNames

    private static let insertEvent = SQLText(
        "INSERT INTO audit_event (\(columns)) VALUES (\(AuditEvent.columns.sqliteParameters()))")
    private static let eventsOfAll = SQLText(
        "SELECT \(columns) FROM audit_event WHERE id < ? ORDER BY id DESC LIMIT ?")
    private static let eventsOfUser = SQLText(
        "SELECT \(columns) FROM audit_event WHERE user_id = ? AND id < ? ORDER BY id DESC LIMIT ?")
    private static let lastEventOfUser = SQLText(
        "SELECT \(columns) FROM audit_event WHERE user_id = ? AND action = ? ORDER BY id DESC LIMIT 1")

    // The action is part of the text, because the partial index serves only then.
    private static let revocationOfToken = SQLText(
        """
        SELECT \(columns) FROM audit_event WHERE token_id = ? AND action = 'token.revoked'
        ORDER BY id DESC LIMIT 1
        """)

    // Identifiers rise with time, so the oldest events come first: no index of instants is needed.
    private static let pruneOld = SQLText(
        """
        DELETE FROM audit_event WHERE id IN (
            SELECT id FROM (SELECT id, at FROM audit_event ORDER BY id LIMIT ?) WHERE at < ?)
        """)

    /// Reads events in the order of identifiers, newest first.
    public func events(
        concerning user: User.ID?, before cursor: AuditEvent.ID?, limit: Int
    ) async throws(StoreError) -> [AuditEvent] {
        let cursor = SQLiteValue.identifier(cursor ?? AuditEvent.ID(high: .max, low: .max))
        return try database.reading { connection in
            if let user {
                try connection.query(
                    Self.eventsOfUser, [.identifier(user), cursor, .integer(limit)]
                ) { row in try AuditEvent(row) }
            } else {
                try connection.query(Self.eventsOfAll, [cursor, .integer(limit)]) { row in
                    try AuditEvent(row)
                }
            }
        }
    }

    /// Reads the last event of a kind by the index of the account.
    public func lastEvent(
        _ action: AuditEvent.Action, concerning user: User.ID
    ) async throws(StoreError) -> AuditEvent? {
        try database.reading { connection in
            try connection.first(
                Self.lastEventOfUser, [.identifier(user), .text(action.rawValue)]
            ) { row in try AuditEvent(row) }
        }
    }

    /// Reads the event by the partial index of revocations.
    public func revocation(of token: AccessToken.ID) async throws(StoreError) -> AuditEvent? {
        try database.reading { connection in
            try connection.first(Self.revocationOfToken, [.identifier(token)]) { row in
                try AuditEvent(row)
            }
        }
    }

    /// Deletes the oldest events, in the order of identifiers.
    public func pruneEvents(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        try await database.writing { connection in
            try connection.execute(Self.pruneOld, [.integer(limit), .instant(before)])
        }
    }

    /// Writes an event in the transaction of the change that it describes.
    static func write(_ event: AuditEvent, _ connection: SQLiteConnection) throws(StoreError) {
        try connection.execute(insertEvent, event.values())
    }
}
