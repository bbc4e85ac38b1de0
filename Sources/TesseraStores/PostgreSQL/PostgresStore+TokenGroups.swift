public import TesseraCore
import TesseraPostgres
import TesseraTime

/// The groups of one person's tokens, in SQL.
extension PostgresStore {
    // `TokenGrouping.contains(_:in:)` for a row that is called t. $1 is the owner, $2 the present instant, $3 and $4 the ends
    // of the warning and of the notice, $5 the last use that is long ago, $6 the latest end or null.
    private static func condition(of group: TokenGroup) -> String {
        let living = "t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2::timestamptz)"
        return switch group {
        case .active: "\(living) AND t.suspended_at IS NULL"
        case .disabled: "\(living) AND t.suspended_at IS NOT NULL"
        case .living: living
        case .expiring:
            """
            \(condition(of: .active)) AND t.replaced_by IS NULL
            AND (t.expires_at <= $3::timestamptz
                OR t.expires_at <= $4::timestamptz AND t.expires_at - $2 < $2 - t.created_at)
            """
        case .unused:
            """
            \(living) AND t.replaced_by IS NULL
            AND coalesce(t.last_used_at, t.created_at) <= $5::timestamptz
            """
        case .exceeding:
            """
            \(living) AND $6::timestamptz IS NOT NULL AND (t.expires_at IS NULL OR t.expires_at > $6)
            """
        }
    }

    // Counted and listed are the same: the newest $7 tokens of the owner.
    private static let newest =
        "SELECT * FROM api_token WHERE account_id = $1 ORDER BY id DESC LIMIT $7::bigint"
    // Every statement names all parameters, so that one list of values serves them.
    private static let named =
        "$2::timestamptz, $3::timestamptz, $4::timestamptz, $5::timestamptz, $6::timestamptz"
    private static let counts = SQLText(
        """
        SELECT \(TokenGroup.allCases.map { "count(*) FILTER (WHERE \(condition(of: $0)))" }
            .joined(separator: ", ")), max(last_used_at) FILTER (WHERE \(condition(of: .active)))
        FROM (\(newest)) AS t
        """)
    private static let lists = Dictionary(
        uniqueKeysWithValues: TokenGroup.allCases.map { group in
            (
                group,
                SQLText(
                    """
                    SELECT \(tokenColumns("t")), \(named) FROM (\(newest)) AS t
                    WHERE t.id < $8 AND \(condition(of: group)) ORDER BY t.id DESC LIMIT $9::bigint
                    """)
            )
        })

    public func countTokens(
        of owner: User.ID, by grouping: TokenGrouping
    ) async throws(StoreError) -> TokenCounts {
        let counts = try await database.first(Self.counts, Self.values(owner, grouping)) { row in
            var counts: [TokenGroup: Int] = [:]
            for (column, group) in TokenGroup.allCases.enumerated() {
                counts[group] = Int(try row.integer(column))
            }
            return TokenCounts(counts, lastUse: try row.instantOrNil(counts.count))
        }
        return counts ?? TokenCounts([:], lastUse: nil)
    }

    public func tokens(
        of owner: User.ID, in group: TokenGroup, by grouping: TokenGrouping, before cursor: AccessToken.ID?,
        limit: Int
    ) async throws(StoreError) -> [AccessToken] {
        guard let statement = Self.lists[group] else { return [] }
        let cursor = PostgresValue.identifier(cursor ?? AccessToken.ID(high: .max, low: .max))
        let values = Self.values(owner, grouping) + [cursor, .integer(limit)]
        return try await database.query(statement, values) { row in try Self.token(row) }
    }

    private static func values(_ owner: User.ID, _ grouping: TokenGrouping) -> [PostgresValue] {
        [
            .identifier(owner), .instant(grouping.now), .instant(grouping.warnedEnd),
            .instant(grouping.noticedEnd), .instant(grouping.unusedSince), .instant(grouping.latestEnd),
            .integer(TokenGrouping.mostTokens),
        ]
    }
}
