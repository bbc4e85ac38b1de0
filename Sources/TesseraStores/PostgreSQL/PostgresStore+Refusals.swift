public import TesseraCore
public import TesseraTime

extension PostgresStore: RefusalStore {
    private static let columns = Refusal.columns.names

    private static let insertRefusals = SQLText("INSERT INTO refusal (\(columns)) \(Refusal.columns.rows)")
    private static let refusalByID = SQLText("SELECT \(columns) FROM refusal WHERE id = $1")
    private static let pruneOld = SQLText(
        pruning("refusal", by: "id", where: "at < $2::timestamptz"))

    /// Writes the refusals in one statement.
    public func record(_ refusals: [Refusal]) async throws(StoreError) {
        guard !refusals.isEmpty else { return }
        let values = Refusal.columns.arrays(refusals.map { $0.values() })
        try await database.change([PostgresStep(Self.insertRefusals, values)]) { _ in }
    }

    /// Reads a refusal by its identifier.
    public func refusal(_ id: Refusal.ID) async throws(StoreError) -> Refusal? {
        try await database.first(Self.refusalByID, [.identifier(id)]) { row in try Refusal(row) }
    }

    /// Reads refusals with the conditions of the filter, newest first.
    public func refusals(_ filter: RefusalFilter, limit: Int) async throws(StoreError) -> [Refusal] {
        // The largest possible identifier stands for no cursor.
        let cursor = filter.before ?? Refusal.ID(high: .max, low: .max)
        var values: [PostgresValue] = [.identifier(cursor), .integer(limit)]
        if let token = filter.token { values.append(.identifier(token)) }
        if let owner = filter.owner { values.append(.identifier(owner)) }
        if let cause = filter.cause { values.append(.text(cause.rawValue)) }
        return try await database.query(Self.listing(filter), values) { row in try Refusal(row) }
    }

    /// One statement for each set of conditions, so that each is planned with the index that serves it.
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

    /// Deletes the oldest refusals, in the order of identifiers.
    public func pruneRefusals(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        try await prune(Self.pruneOld, [.integer(limit), .instant(before)])
    }
}
