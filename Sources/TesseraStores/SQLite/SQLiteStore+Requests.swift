public import TesseraCore
public import TesseraTime

extension SQLiteStore: TokenRequestStore {
    private static let columns = TokenRequest.columns.sqliteNames

    private static let insertRequest = SQLText(
        "INSERT INTO request (\(columns)) VALUES (\(TokenRequest.columns.sqliteParameters))")
    // Numbers rise with time: nothing behind the first young one is looked at.
    private static let pruneOld = SQLText(
        """
        DELETE FROM request WHERE number IN (
            SELECT number FROM (SELECT number, at FROM request ORDER BY number LIMIT ?1)
            WHERE at < ?2 OR number <= (SELECT max(number) FROM request) - ?3)
        """)

    public func record(_ requests: [TokenRequest]) async throws(StoreError) {
        try await database.noting { connection in
            for request in requests { try connection.execute(Self.insertRequest, request.values()) }
        }
    }

    public func requests(
        _ filter: TokenRequestFilter, limit: Int
    ) async throws(StoreError) -> [TokenRequest] {
        // The largest identifier there can be stands for no cursor.
        var conditions = ["id < ?"]
        var values = [SQLiteValue.identifier(filter.before ?? TokenRequest.ID(high: .max, low: .max))]
        if let token = filter.token {
            conditions.append("token_id = ?")
            values.append(.identifier(token))
        }
        if let owner = filter.owner {
            conditions.append("owner_id = ?")
            values.append(.identifier(owner))
        }
        let sql =
            "SELECT \(Self.columns) FROM request WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT ?"
        return try database.reading { connection in
            try connection.query(sql, values + [.integer(limit)]) { row in try TokenRequest(row) }
        }
    }

    public func pruneRequests(
        before: NumericDate, keeping kept: Int, limit: Int
    ) async throws(StoreError) -> Int {
        try await database.noting { connection in
            try connection.execute(Self.pruneOld, [.integer(limit), .instant(before), .integer(kept)])
        }
    }
}
