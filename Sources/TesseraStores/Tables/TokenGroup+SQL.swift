import TesseraCore
import TesseraTime

/// The groups of one owner's tokens, in SQL. The parameters are those of ``TokenGrouping/values(of:)``.
extension TokenGroup {
    /// The condition of ``TokenGrouping/contains(_:in:)`` for a row that is called `t`.
    ///
    /// - Parameter instant: Writes a parameter that is an instant, by its number.
    func condition(_ instant: (Int) -> String) -> String {
        let now = instant(2)
        let living = "t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > \(now))"
        return switch self {
        case .active: "\(living) AND t.suspended_at IS NULL"
        case .disabled: "\(living) AND t.suspended_at IS NOT NULL"
        case .living: living
        case .expiring:
            """
            \(TokenGroup.active.condition(instant)) AND t.replaced_by IS NULL AND (t.expires_at <= \(instant(3))
                OR t.expires_at <= \(instant(4)) AND t.expires_at - \(now) < \(now) - t.created_at)
            """
        case .unused:
            "\(living) AND t.replaced_by IS NULL AND coalesce(t.last_used_at, t.created_at) <= \(instant(5))"
        case .exceeding:
            """
            \(living) AND \(instant(6)) IS NOT NULL
            AND (t.expires_at IS NULL OR t.expires_at > \(instant(6)))
            """
        }
    }

    /// The columns of ``TokenCounts/init(_:)``.
    static func counts(_ instant: (Int) -> String) -> String {
        let counts = allCases.map { "count(*) FILTER (WHERE \($0.condition(instant)))" }
        let lastUse = "max(last_used_at) FILTER (WHERE \(active.condition(instant)))"
        return (counts + [lastUse]).joined(separator: ", ")
    }

    /// A statement for each group.
    static func statements(_ text: (TokenGroup) -> String) -> [TokenGroup: SQLText] {
        Dictionary(uniqueKeysWithValues: allCases.map { ($0, SQLText(text($0))) })
    }
}

extension TokenGrouping {
    /// The owner, the present instant, the ends of the warning and of the notice, the last use that is long ago, the latest
    /// end or null, and the number of tokens that are looked at.
    func values<Value: BoundValue>(of owner: User.ID) -> [Value] {
        [
            .identifier(owner), .instant(now), .instant(warnedEnd), .instant(noticedEnd),
            .instant(unusedSince), .instant(latestEnd), .integer(Self.mostTokens),
        ]
    }
}

extension TokenCounts {
    /// Reads the count of each group and the last use of an active token.
    init(_ row: borrowing some ResultRow & ~Copyable) throws(StoreError) {
        var counts: [TokenGroup: Int] = [:]
        for (column, group) in TokenGroup.allCases.enumerated() {
            counts[group] = Int(try row.integer(column))
        }
        self.init(counts, lastUse: try row.instantOrNil(counts.count))
    }
}
