import TesseraCore
import TesseraTime

/// The table of refusals.
extension Refusal {
    static let columns = [
        Column("id", .identifier), Column("at", .instant), Column("cause", .text),
        Column("status", .integer), Column("method", .text), Column("path", .text),
        Column("address", .text), Column("token_id", .identifier), Column("owner_id", .identifier),
        Column("needed", .scope), Column("held", .scope), Column("since", .instant),
        Column("origin", .text), Column("hint", .text), Column("detail", .text),
    ]

    /// The values of ``columns``.
    func values<Value: BoundValue>() -> [Value] {
        [
            .identifier(id), .instant(at), .text(cause.rawValue), .integer(status), .text(method),
            .text(path), .text(address), .identifier(token), .identifier(owner), .scope(needed),
            .scope(held), .instant(since), .text(origin), .text(hint?.rawValue), .text(detail),
        ]
    }

    init(_ row: borrowing some ResultRow & ~Copyable) throws(StoreError) {
        self.init(
            id: try row.identifier(0), at: try row.instant(1), cause: RefusalCause(stored: try row.text(2)),
            status: Int(try row.integer(3)), method: try row.text(4), path: try row.text(5),
            address: try row.text(6), token: try row.identifierOrNil(7),
            owner: try row.identifierOrNil(8), needed: try row.scopeOrNil(9), held: try row.scopeOrNil(10),
            since: try row.instantOrNil(11), origin: try row.textOrNil(12),
            hint: try row.textOrNil(13).flatMap(RefusalHint.init), detail: try row.textOrNil(14))
    }
}
