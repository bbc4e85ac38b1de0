public import TesseraCore
public import TesseraJOSE

extension PostgresStore: TokenRequestStore {
    private static let columns = "id, at, token_id, owner_id, method, path, status, address"

    private static let insertRequests = SQLText(
        """
        INSERT INTO request (\(columns))
        SELECT id, at, token_id, owner_id, method, path, status, address FROM unnest(
            $1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::bigint[],
            $8::text[]) WITH ORDINALITY AS r (\(columns), place)
        ORDER BY place
        """)
    private static let pruneOld = SQLText(
        pruning(
            "request", by: "number",
            where: "at < $2::timestamptz OR number <= (SELECT max(number) FROM request) - $3::bigint"))

    public func record(_ requests: [TokenRequest]) async throws(StoreError) {
        guard !requests.isEmpty else { return }
        let values: [PostgresValue] = [
            .column(.uuid, requests) { .identifier($0.id) },
            .column(.timestamptz, requests) { .instant($0.at) },
            .column(.uuid, requests) { .identifier($0.token) },
            .column(.uuid, requests) { .identifier($0.owner) },
            .column(.text, requests) { .text($0.method) }, .column(.text, requests) { .text($0.path) },
            .column(.int8, requests) { .integer($0.status) }, .column(.text, requests) { .text($0.address) },
        ]
        try await database.change([PostgresStep(Self.insertRequests, values)]) { _ in }
    }

    public func requests(
        _ filter: TokenRequestFilter, limit: Int
    ) async throws(StoreError) -> [TokenRequest] {
        // The largest identifier there can be stands for no cursor.
        let cursor = filter.before ?? TokenRequest.ID(high: .max, low: .max)
        var values: [PostgresValue] = [.identifier(cursor), .integer(limit)]
        if let token = filter.token { values.append(.identifier(token)) }
        if let owner = filter.owner { values.append(.identifier(owner)) }
        let index = (filter.token == nil ? 0 : 1) + (filter.owner == nil ? 0 : 2)
        return try await database.query(Self.listings[index], values, Self.request)
    }

    /// A statement for each set of conditions, so that each is planned with the index that serves it.
    private static let listings = [
        "id < $1", "id < $1 AND token_id = $3", "id < $1 AND owner_id = $3",
        "id < $1 AND token_id = $3 AND owner_id = $4",
    ].map { SQLText("SELECT \(columns) FROM request WHERE \($0) ORDER BY id DESC LIMIT $2") }

    public func pruneRequests(
        before: NumericDate, keeping kept: Int, limit: Int
    ) async throws(StoreError) -> Int {
        try await prune(Self.pruneOld, [.integer(limit), .instant(before), .integer(kept)])
    }

    private static func request(_ row: borrowing PostgresRow) throws(StoreError) -> TokenRequest {
        TokenRequest(
            id: try row.identifier(0), at: try row.instant(1), token: try row.identifier(2),
            owner: try row.identifierOrNil(3), method: try row.text(4), path: try row.text(5),
            status: Int(try row.integer(6)), address: try row.text(7))
    }
}
