import TesseraCore
import TesseraTime

/// The table of audit events.
extension AuditEvent {
    static let columns = [
        Column("id", .identifier), Column("at", .instant), Column("action", .text), Column("actor", .text),
        Column("account_id", .identifier, sqlite: "user_id"), Column("token_id", .identifier),
        Column("subject", .text), Column("address", .text),
    ]

    /// The values of ``columns``.
    func values<Value: BoundValue>() -> [Value] {
        [
            .identifier(id), .instant(at), .text(action.rawValue), .text(actor.text), .identifier(user),
            .identifier(token), .text(subject), .text(address),
        ]
    }

    init(_ row: borrowing some ResultRow & ~Copyable) throws(StoreError) {
        guard let actor = Actor(text: try row.text(3)) else { throw row.unexpected(3) }
        self.init(
            try row.identifier(0), try row.word(2), by: actor, user: try row.identifierOrNil(4),
            token: try row.identifierOrNil(5), subject: try row.textOrNil(6), from: try row.textOrNil(7),
            at: try row.instant(1))
    }
}
