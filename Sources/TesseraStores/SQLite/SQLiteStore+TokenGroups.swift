public import TesseraCore
import TesseraTime

/// The groups of one owner's tokens; see `TokenGroup+SQL.swift`.
extension SQLiteStore {
    private static let newest = """
        (SELECT * FROM api_token
        WHERE user_number = (SELECT number FROM user WHERE id = ?1) ORDER BY id DESC LIMIT ?7) AS t
        """
    private static let counts = SQLText("SELECT \(TokenGroup.counts { "?\($0)" }) FROM \(newest)")
    private static let lists = TokenGroup.statements { group in
        """
        SELECT \(tokenColumns) FROM \(newest)
        WHERE id < ?8 AND \(group.condition { "?\($0)" }) ORDER BY id DESC LIMIT ?9
        """
    }

    /// Counts all groups in one pass over the owner's newest tokens.
    public func countTokens(
        of owner: User.ID, by grouping: TokenGrouping
    ) async throws(StoreError) -> TokenCounts {
        try database.reading { connection in
            try connection.first(Self.counts, grouping.values(of: owner)) { row in try TokenCounts(row) }
                ?? TokenCounts([:], lastUse: nil)
        }
    }

    /// Reads one group of the owner's newest tokens.
    public func tokens(
        of owner: User.ID, in group: TokenGroup, by grouping: TokenGrouping, before cursor: AccessToken.ID?,
        limit: Int
    ) async throws(StoreError) -> [AccessToken] {
        guard let sql = Self.lists[group] else { return [] }
        let cursor = SQLiteValue.identifier(cursor ?? AccessToken.ID(high: .max, low: .max))
        let values = grouping.values(of: owner) + [cursor, .integer(limit)]
        return try database.reading { connection in
            try connection.query(sql, values) { row in try Self.storedToken(row, connection).token }
        }
    }
}
