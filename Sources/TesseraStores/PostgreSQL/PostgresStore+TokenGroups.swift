public import TesseraCore
import TesseraTime

/// The groups of one owner's tokens; see `TokenGroup+SQL.swift`.
extension PostgresStore {
    private static let newest =
        "(SELECT * FROM api_token WHERE account_id = $1 ORDER BY id DESC LIMIT $7::bigint) AS t"
    private static func instant(_ parameter: Int) -> String { "$\(parameter)::timestamptz" }
    private static let counts = SQLText("SELECT \(TokenGroup.counts(instant)) FROM \(newest)")
    // Each statement names all parameters, so that one list of values serves all.
    private static let lists = TokenGroup.statements { group in
        """
        SELECT \(AccessToken.columns.names), \((2...6).map(instant).joined(separator: ", ")) FROM \(newest)
        WHERE id < $8 AND \(group.condition(instant)) ORDER BY id DESC LIMIT $9::bigint
        """
    }

    /// Counts all groups in one pass over the owner's newest tokens.
    public func countTokens(
        of owner: User.ID, by grouping: TokenGrouping
    ) async throws(StoreError) -> TokenCounts {
        try await database.first(Self.counts, grouping.values(of: owner)) { row in try TokenCounts(row) }
            ?? TokenCounts([:], lastUse: nil)
    }

    /// Reads one group of the owner's newest tokens.
    public func tokens(
        of owner: User.ID, in group: TokenGroup, by grouping: TokenGrouping, before cursor: AccessToken.ID?,
        limit: Int
    ) async throws(StoreError) -> [AccessToken] {
        guard let statement = Self.lists[group] else { return [] }
        let cursor = PostgresValue.identifier(cursor ?? AccessToken.ID(high: .max, low: .max))
        let values = grouping.values(of: owner) + [cursor, .integer(limit)]
        return try await database.query(statement, values) { row in try Self.token(row) }
    }
}
