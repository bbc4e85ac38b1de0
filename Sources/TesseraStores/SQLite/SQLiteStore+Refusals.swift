public import TesseraCore
public import TesseraJOSE

extension SQLiteStore: RefusalStore {
    private static let columns =
        "id, at, cause, status, method, path, address, token_id, owner_id, needed, held, since"

    private static let insertRefusal = SQLText(
        "INSERT INTO refusal (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    private static let refusalByID = SQLText("SELECT \(columns) FROM refusal WHERE id = ?")
    private static let pruneOld = SQLText(
        "DELETE FROM refusal WHERE id IN (SELECT id FROM refusal WHERE at < ? LIMIT ?)")

    public func record(_ refusals: [Refusal]) async throws(StoreError) {
        try await database.writing { connection in
            for refusal in refusals {
                try connection.execute(
                    Self.insertRefusal,
                    [
                        .identifier(refusal.id), .instant(refusal.at), .text(refusal.cause.rawValue),
                        .integer(refusal.status), .text(refusal.method), .text(refusal.path),
                        .text(refusal.address), .identifier(refusal.token), .identifier(refusal.owner),
                        .scope(refusal.needed), .scope(refusal.held), .instant(refusal.since),
                    ])
            }
        }
    }

    public func refusal(_ id: Refusal.ID) async throws(StoreError) -> Refusal? {
        try database.reading { connection in
            try connection.first(Self.refusalByID, [.identifier(id)]) { row in
                Refusal(
                    id: try row.identifier(0), at: try row.instant(1), cause: try row.word(2),
                    status: Int(try row.integer(3)), method: try row.text(4), path: try row.text(5),
                    address: try row.text(6), token: try row.identifierOrNil(7),
                    owner: try row.identifierOrNil(8), needed: try row.scopeOrNil(9, connection.memory),
                    held: try row.scopeOrNil(10, connection.memory), since: try row.instantOrNil(11))
            }
        }
    }

    public func pruneRefusals(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        try await database.writing { connection in
            try connection.execute(Self.pruneOld, [.instant(before), .integer(limit)])
        }
    }
}
