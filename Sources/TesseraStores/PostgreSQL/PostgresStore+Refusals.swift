public import TesseraCore
import TesseraPostgres
public import TesseraTime

extension PostgresStore: RefusalStore {
    private static let columns =
        "id, at, cause, status, method, path, address, token_id, owner_id, needed, held, since, origin, hint, detail"

    // Scopes are joined by spaces, which no name has: an array of arrays would have to be rectangular.
    private static let insertRefusals = SQLText(
        """
        INSERT INTO refusal (\(columns))
        SELECT id, at, cause, status, method, path, address, token_id, owner_id, string_to_array(needed, ' '),
            string_to_array(held, ' '), since, origin, hint, detail
        FROM unnest(
            $1::uuid[], $2::timestamptz[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[],
            $8::uuid[], $9::uuid[], $10::text[], $11::text[], $12::timestamptz[], $13::text[], $14::text[],
            $15::text[])
            AS r (\(columns))
        """)
    private static let refusalByID = SQLText("SELECT \(columns) FROM refusal WHERE id = $1")
    private static let pruneOld = SQLText(
        pruning("refusal", by: "id", where: "at < $2::timestamptz"))

    public func record(_ refusals: [Refusal]) async throws(StoreError) {
        guard !refusals.isEmpty else { return }
        let values: [PostgresValue] = [
            .column(.uuid, refusals) { .identifier($0.id) },
            .column(.timestamptz, refusals) { .instant($0.at) },
            .column(.text, refusals) { .text($0.cause.rawValue) },
            .column(.int8, refusals) { .integer($0.status) },
            .column(.text, refusals) { .text($0.method) }, .column(.text, refusals) { .text($0.path) },
            .column(.text, refusals) { .text($0.address) },
            .column(.uuid, refusals) { .identifier($0.token) },
            .column(.uuid, refusals) { .identifier($0.owner) },
            .column(.text, refusals) { .text($0.needed?.description) },
            .column(.text, refusals) { .text($0.held?.description) },
            .column(.timestamptz, refusals) { .instant($0.since) },
            .column(.text, refusals) { .text($0.origin) },
            .column(.text, refusals) { .text($0.hint?.rawValue) },
            .column(.text, refusals) { .text($0.detail) },
        ]
        try await database.change([PostgresStep(Self.insertRefusals, values)]) { _ in }
    }

    public func refusal(_ id: Refusal.ID) async throws(StoreError) -> Refusal? {
        try await database.first(Self.refusalByID, [.identifier(id)], Self.refusal)
    }

    public func refusals(_ filter: RefusalFilter, limit: Int) async throws(StoreError) -> [Refusal] {
        // The largest identifier there can be stands for no cursor.
        let cursor = filter.before ?? Refusal.ID(high: .max, low: .max)
        var values: [PostgresValue] = [.identifier(cursor), .integer(limit)]
        if let token = filter.token { values.append(.identifier(token)) }
        if let owner = filter.owner { values.append(.identifier(owner)) }
        if let cause = filter.cause { values.append(.text(cause.rawValue)) }
        return try await database.query(Self.listing(filter), values, Self.refusal)
    }

    /// A statement for each set of conditions, so that each is planned with the index that serves it.
    private static let listings = (0..<16).map { conditions in
        let wanted = ["token_id = ", "owner_id = ", "cause = "].enumerated()
            .filter { conditions & 1 << $0.offset != 0 }.map(\.element)
        let texts =
            ["id < $1"] + wanted.enumerated().map { "\($1)$\($0 + 3)" }
            + (conditions & 8 == 0 ? [] : ["token_id IS NOT NULL"])
        return SQLText(
            "SELECT \(columns) FROM refusal WHERE \(texts.joined(separator: " AND ")) ORDER BY id DESC LIMIT $2"
        )
    }

    private static func listing(_ filter: RefusalFilter) -> SQLText {
        let conditions = [filter.token != nil, filter.owner != nil, filter.cause != nil, filter.isOfToken]
        return listings[conditions.enumerated().reduce(0) { $0 | ($1.element ? 1 << $1.offset : 0) }]
    }

    private static func refusal(_ row: borrowing PostgresRow) throws(StoreError) -> Refusal {
        Refusal(
            id: try row.identifier(0), at: try row.instant(1), cause: RefusalCause(stored: try row.text(2)),
            status: Int(try row.integer(3)), method: try row.text(4), path: try row.text(5),
            address: try row.text(6), token: try row.identifierOrNil(7),
            owner: try row.identifierOrNil(8), needed: try row.scopeOrNil(9), held: try row.scopeOrNil(10),
            since: try row.instantOrNil(11), origin: try row.textOrNil(12),
            hint: try row.textOrNil(13).flatMap(RefusalHint.init), detail: try row.textOrNil(14))
    }

    public func pruneRefusals(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        try await prune(Self.pruneOld, [.integer(limit), .instant(before)])
    }
}
