public import TesseraCore
public import TesseraTime

/// The census: how many rows there are, at a bounded cost.
extension PostgresStore {
    /// The largest number of rows that one count reads, in a few milliseconds.
    private static let countLimit = 100_000
    /// The approximate number of tokens in a sample.
    private static let sampleSize = 20_000

    // Indexes lead to the rows that cannot be used any more; the others are the rest.
    private static let counts = SQLText(
        "SELECT "
            + [
                count("account"), count("account WHERE disabled_at IS NOT NULL"), count("session"),
                count("session WHERE expires_at <= $2"), count("api_token"),
                count("api_token WHERE expires_at <= $2"),
                count("api_token WHERE revoked_at IS NOT NULL AND (expires_at IS NULL OR expires_at > $2)"),
                count("refusal"), count("request"), count("audit_event"), estimate("account"),
                estimate("session"), estimate("api_token"), estimate("refusal"), estimate("request"),
                estimate("audit_event"), "pg_database_size(current_database())", count("claim"),
                count("claim WHERE expires_at <= $2"), estimate("claim"), "$2::timestamptz",
            ].joined(separator: ", "))

    // Whole pages from all parts of the table. (CockroachDB: the statistics of the planner, SHOW STATISTICS.)
    private static let tokenSample = SQLText(
        """
        SELECT count(*), count(*) FILTER (WHERE revoked_at IS NOT NULL OR expires_at <= $2)
        FROM api_token TABLESAMPLE SYSTEM (least(100, 100 * $1::float8 / greatest(1, $3::float8)))
        """)

    /// SQL that counts at most `$1` rows.
    private static func count(_ rows: String) -> String {
        "(SELECT count(*) FROM (SELECT FROM \(rows) LIMIT $1) AS part)"
    }

    /// SQL for the number of rows in the server's statistics, which it updates after a part of the rows has changed.
    private static func estimate(_ table: String) -> String {
        "(SELECT reltuples::bigint FROM pg_class WHERE oid = '\(table)'::regclass)"
    }

    /// Counts each table up to a limit, and estimates the rows beyond it.
    public func census(at now: NumericDate) async throws(StoreError) -> StoreCensus {
        let numbers = try await database.first(
            Self.counts, [.integer(Self.countLimit), .instant(now)]
        ) { row in
            var numbers: [Int] = []
            for column in 0..<20 { numbers.append(Int(try row.integer(column))) }
            return numbers
        }
        guard let numbers else { throw StoreError(.corrupt, "The census has no answer.") }
        func rows(
            _ table: StoreCensus.Table, _ counted: Int, dead: Int = 0, estimated: Int
        ) -> StoreCensus.Rows {
            let isExact = counted < Self.countLimit
            let total = isExact ? counted : max(counted, estimated)
            return StoreCensus.Rows(
                table, live: total - min(total, dead), dead: min(total, dead), isExact: isExact)
        }
        var tokens = rows(
            .tokens, numbers[4], dead: numbers[5].addingClamped(numbers[6]), estimated: numbers[12])
        if !tokens.isExact { tokens = try await estimateTokens(tokens.live + tokens.dead, at: now) }
        return StoreCensus(
            rows: [
                rows(.users, numbers[0], dead: numbers[1], estimated: numbers[10]),
                rows(.sessions, numbers[2], dead: numbers[3], estimated: numbers[11]), tokens,
                rows(.refusals, numbers[7], estimated: numbers[13]),
                rows(.requests, numbers[8], estimated: numbers[14]),
                rows(.auditEvents, numbers[9], estimated: numbers[15]),
                rows(.claims, numbers[17], dead: numbers[18], estimated: numbers[19]),
            ],
            size: numbers[16])
    }

    /// An estimate of the dead among this many tokens, from a sample.
    func estimateTokens(
        _ total: Int, sampleSize: Int = sampleSize, at now: NumericDate
    ) async throws(StoreError) -> StoreCensus.Rows {
        let values: [PostgresValue] = [.integer(sampleSize), .instant(now), .integer(total)]
        let share = try await database.first(Self.tokenSample, values) { row in
            Double(try row.integer(1)) / Double(max(1, try row.integer(0)))
        }
        let dead = min(total, Int(clamping: Double(total) * (share ?? 0)))
        return StoreCensus.Rows(.tokens, live: total - dead, dead: dead, isExact: false)
    }
}
