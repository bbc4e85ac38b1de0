public import TesseraCore
public import TesseraTime

extension SQLiteStore: TokenRequestStore {
    private static let columns = TokenRequest.columns.sqliteNames

    private static let insertRequest = SQLText(
        "INSERT INTO request (\(columns)) VALUES (\(TokenRequest.columns.sqliteParameters()))")
    // Numbers rise with time: the search ends at the first young row.
    private static let pruneOld = SQLText(
        """
        DELETE FROM request WHERE number IN (
            SELECT number FROM (SELECT number, at FROM request ORDER BY number LIMIT ?1)
            WHERE at < ?2 OR number <= (SELECT max(number) FROM request) - ?3)
        """)

    /// Writes the requests in one transaction, which may wait for others.
    public func record(_ requests: [TokenRequest]) async throws(StoreError) {
        try await database.noting { connection in
            for request in requests { try connection.execute(Self.insertRequest, request.values()) }
        }
    }

    /// Reads requests with the conditions of the filter, newest first.
    public func requests(
        _ filter: TokenRequestFilter, limit: Int
    ) async throws(StoreError) -> [TokenRequest] {
        // The largest possible identifier stands for no cursor.
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

    /// Deletes the oldest requests, in the order of their numbers.
    public func pruneRequests(
        before: NumericDate, keeping kept: Int, limit: Int
    ) async throws(StoreError) -> Int {
        try await database.noting { connection in
            try connection.execute(Self.pruneOld, [.integer(limit), .instant(before), .integer(kept)])
        }
    }
}
