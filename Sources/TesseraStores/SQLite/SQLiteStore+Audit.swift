public import TesseraCore

extension SQLiteStore: AuditStore {
    private static let columns = "id, at, action, actor, user_id, token_id, subject"

    private static let insertEvent = SQLText(
        "INSERT INTO audit_event (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?)")
    private static let eventsOfAll = SQLText("SELECT \(columns) FROM audit_event ORDER BY id DESC LIMIT ?")
    private static let eventsOfUser = SQLText(
        "SELECT \(columns) FROM audit_event WHERE user_id = ? ORDER BY id DESC LIMIT ?")

    // The word stands in the text, so that the partial index serves.
    private static let revocationOfToken = SQLText(
        """
        SELECT \(columns) FROM audit_event WHERE token_id = ? AND action = 'token.revoked'
        ORDER BY id DESC LIMIT 1
        """)

    public func record(_ event: AuditEvent) async throws(StoreError) {
        try await database.writing { connection in try Self.write(event, connection) }
    }

    public func events(concerning user: User.ID?, limit: Int) async throws(StoreError) -> [AuditEvent] {
        try database.reading { connection in
            if let user {
                try connection.query(
                    Self.eventsOfUser, [.identifier(user), .integer(limit)], Self.event)
            } else {
                try connection.query(Self.eventsOfAll, [.integer(limit)], Self.event)
            }
        }
    }

    public func revocation(of token: AccessToken.ID) async throws(StoreError) -> AuditEvent? {
        try database.reading { connection in
            try connection.first(Self.revocationOfToken, [.identifier(token)], Self.event)
        }
    }

    /// Writes an event in the transaction of the change it tells of.
    static func write(_ event: AuditEvent, _ connection: SQLiteConnection) throws(StoreError) {
        try connection.execute(
            insertEvent,
            [
                .identifier(event.id), .instant(event.at), .text(event.action.rawValue),
                .text(event.actor.text), .identifier(event.user), .identifier(event.token),
                .text(event.subject),
            ])
    }

    private static func event(_ row: borrowing SQLiteRow) throws(StoreError) -> AuditEvent {
        guard let actor = Actor(text: try row.text(3)) else { throw row.unexpected(3) }
        return AuditEvent(
            try row.identifier(0), try row.word(2), by: actor, user: try row.identifierOrNil(4),
            token: try row.identifierOrNil(5), subject: try row.textOrNil(6), at: try row.instant(1))
    }
}
