import TesseraCore
import TesseraTime

/// The table of accepted requests. The databases number its rows by themselves.
extension TokenRequest {
    static let columns = [
        Column("id", .identifier), Column("at", .instant), Column("token_id", .identifier),
        Column("owner_id", .identifier), Column("method", .text), Column("path", .text),
        Column("status", .integer), Column("address", .text),
    ]

    /// The values of ``columns``.
    func values<Value: BoundValue>() -> [Value] {
        [
            .identifier(id), .instant(at), .identifier(token), .identifier(owner), .text(method),
            .text(path), .integer(status), .text(address),
        ]
    }

    init(_ row: borrowing some ResultRow & ~Copyable) throws(StoreError) {
        self.init(
            id: try row.identifier(0), at: try row.instant(1), token: try row.identifier(2),
            owner: try row.identifierOrNil(3), method: try row.text(4), path: try row.text(5),
            status: Int(try row.integer(6)), address: try row.text(7))
    }
}
