public import TesseraCore
import TesseraSQLite
public import TesseraTime

extension SQLiteStore: RefusalStore {
    private static let columns =
        "id, at, cause, status, method, path, address, token_id, owner_id, needed, held, since, origin, hint, detail"

    private static let insertRefusal = SQLText(
        "INSERT INTO refusal (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    private static let refusalByID = SQLText("SELECT \(columns) FROM refusal WHERE id = ?")
    private static let pruneOld = SQLText(
        "DELETE FROM refusal WHERE id IN (SELECT id FROM refusal WHERE at < ? LIMIT ?)")

    public func record(_ refusals: [Refusal]) async throws(StoreError) {
        try await database.noting { connection in
            for refusal in refusals {
                try connection.execute(
                    Self.insertRefusal,
                    [
                        .identifier(refusal.id), .instant(refusal.at), .text(refusal.cause.rawValue),
                        .integer(refusal.status), .text(refusal.method), .text(refusal.path),
                        .text(refusal.address), .identifier(refusal.token), .identifier(refusal.owner),
                        .scope(refusal.needed), .scope(refusal.held), .instant(refusal.since),
                        .text(refusal.origin), .text(refusal.hint?.rawValue), .text(refusal.detail),
                    ])
            }
        }
    }

    public func refusal(_ id: Refusal.ID) async throws(StoreError) -> Refusal? {
        try database.reading { connection in
            try connection.first(Self.refusalByID, [.identifier(id)]) { row in
                try Self.refusal(row, connection)
            }
        }
    }

    public func refusals(_ filter: RefusalFilter, limit: Int) async throws(StoreError) -> [Refusal] {
        // The largest identifier there can be stands for no cursor.
        let cursor = filter.before ?? Refusal.ID(high: .max, low: .max)
        var conditions = ["id < ?"]
        var values = [SQLiteValue.identifier(cursor)]
        if let token = filter.token {
            conditions.append("token_id = ?")
            values.append(.identifier(token))
        }
        if filter.isOfToken { conditions.append("token_id IS NOT NULL") }
        if let owner = filter.owner {
            conditions.append("owner_id = ?")
            values.append(.identifier(owner))
        }
        if let cause = filter.cause {
            conditions.append("cause = ?")
            values.append(.text(cause.rawValue))
        }
        let sql =
            "SELECT \(Self.columns) FROM refusal WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT ?"
        return try database.reading { connection in
            try connection.query(sql, values + [.integer(limit)]) { row in try Self.refusal(row, connection) }
        }
    }

    private static func refusal(
        _ row: borrowing SQLiteRow, _ connection: SQLiteConnection
    ) throws(StoreError) -> Refusal {
        Refusal(
            id: try row.identifier(0), at: try row.instant(1), cause: RefusalCause(stored: try row.text(2)),
            status: Int(try row.integer(3)), method: try row.text(4), path: try row.text(5),
            address: try row.text(6), token: try row.identifierOrNil(7),
            owner: try row.identifierOrNil(8), needed: try row.scopeOrNil(9, connection.memory),
            held: try row.scopeOrNil(10, connection.memory), since: try row.instantOrNil(11),
            origin: try row.textOrNil(12), hint: try row.textOrNil(13).flatMap(RefusalHint.init),
            detail: try row.textOrNil(14))
    }

    public func pruneRefusals(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        try await database.noting { connection in
            try connection.execute(Self.pruneOld, [.instant(before), .integer(limit)])
        }
    }
}
