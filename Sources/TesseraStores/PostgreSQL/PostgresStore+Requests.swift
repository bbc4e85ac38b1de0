public import TesseraCore
public import TesseraTime

extension PostgresStore: TokenRequestStore {
    private static let columns = TokenRequest.columns.names

    private static let insertRequests = SQLText(
        "INSERT INTO request (\(columns)) \(TokenRequest.columns.rows) ORDER BY place")
    private static let pruneOld = SQLText(
        pruning(
            "request", by: "number",
            where: "at < $2::timestamptz OR number <= (SELECT max(number) FROM request) - $3::bigint"))

    /// Writes the requests in one statement, in their order.
    public func record(_ requests: [TokenRequest]) async throws(StoreError) {
        guard !requests.isEmpty else { return }
        let values = TokenRequest.columns.arrays(requests.map { $0.values() })
        try await database.change([PostgresStep(Self.insertRequests, values)]) { _ in }
    }

    /// Reads requests with the conditions of the filter, newest first.
    public func requests(
        _ filter: TokenRequestFilter, limit: Int
    ) async throws(StoreError) -> [TokenRequest] {
        // The largest possible identifier stands for no cursor.
        let cursor = filter.before ?? TokenRequest.ID(high: .max, low: .max)
        var values: [PostgresValue] = [.identifier(cursor), .integer(limit)]
        if let token = filter.token { values.append(.identifier(token)) }
        if let owner = filter.owner { values.append(.identifier(owner)) }
        let index = (filter.token == nil ? 0 : 1) + (filter.owner == nil ? 0 : 2)
        return try await database.query(Self.listings[index], values) { row in try TokenRequest(row) }
    }

    /// One statement for each set of conditions, so that each is planned with the index that serves it.
    private static let listings = [
        "id < $1", "id < $1 AND token_id = $3", "id < $1 AND owner_id = $3",
        "id < $1 AND token_id = $3 AND owner_id = $4",
    ].map { SQLText("SELECT \(columns) FROM request WHERE \($0) ORDER BY id DESC LIMIT $2") }

    /// Deletes the oldest requests, in the order of their numbers.
    public func pruneRequests(
        before: NumericDate, keeping kept: Int, limit: Int
    ) async throws(StoreError) -> Int {
        try await prune(Self.pruneOld, [.integer(limit), .instant(before), .integer(kept)])
    }
}
