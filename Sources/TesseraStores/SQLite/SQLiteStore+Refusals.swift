public import TesseraCore
public import TesseraTime

extension SQLiteStore: RefusalStore {
    private static let columns = Refusal.columns.sqliteNames

    private static let insertRefusal = SQLText(
        "INSERT INTO refusal (\(columns)) VALUES (\(Refusal.columns.sqliteParameters()))")
    private static let refusalByID = SQLText("SELECT \(columns) FROM refusal WHERE id = ?")
    private static let pruneOld = SQLText(
        "DELETE FROM refusal WHERE id IN (SELECT id FROM refusal WHERE at < ? LIMIT ?)")

    /// Writes the refusals in one transaction, which may wait for others.
    public func record(_ refusals: [Refusal]) async throws(StoreError) {
        try await database.noting { connection in
            for refusal in refusals { try connection.execute(Self.insertRefusal, refusal.values()) }
        }
    }

    /// Reads a refusal by its identifier.
    public func refusal(_ id: Refusal.ID) async throws(StoreError) -> Refusal? {
        try database.reading { connection in
            try connection.first(Self.refusalByID, [.identifier(id)]) { row in try Refusal(row) }
        }
    }

    /// Reads refusals with the conditions of the filter, newest first.
    public func refusals(_ filter: RefusalFilter, limit: Int) async throws(StoreError) -> [Refusal] {
        // The largest possible identifier stands for no cursor.
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
            try connection.query(sql, values + [.integer(limit)]) { row in try Refusal(row) }
        }
    }

    /// Deletes refusals by the index of instants.
    public func pruneRefusals(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        try await database.noting { connection in
            try connection.execute(Self.pruneOld, [.instant(before), .integer(limit)])
        }
    }
}
