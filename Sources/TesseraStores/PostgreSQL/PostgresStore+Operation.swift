public import TesseraCore
public import TesseraTime

extension PostgresStore: OperationStore {
    // In the order of their names, as every node writes them.
    private static let putRuns = SQLText(
        """
        INSERT INTO job_run (\(JobRun.columns.names)) \(JobRun.columns.rows) ORDER BY name COLLATE "C"
        ON CONFLICT (name) DO UPDATE
        SET at = excluded.at, duration = excluded.duration, rows = excluded.rows, waiting = excluded.waiting,
            failures = excluded.failures, complaint = excluded.complaint
        """)
    private static let allRuns = SQLText("SELECT \(JobRun.columns.names) FROM job_run")

    public func noteRuns(_ runs: [JobRun]) async throws(StoreError) {
        guard !runs.isEmpty else { return }
        let values = JobRun.columns.arrays(runs.map { $0.values() })
        try await database.change([PostgresStep(Self.putRuns, values)], locking: .several) { _ in }
    }

    public func jobRuns() async throws(StoreError) -> [JobRun] {
        let runs = try await database.query(Self.allRuns) { row in try JobRun(row) }
        return JobName.allCases.compactMap { job in runs.first { $0?.job == job } ?? nil }
    }

    // By the clock of the server, whatever those of the nodes say.
    private static let takeLease = SQLText(
        """
        INSERT INTO job_lease AS l (name, holder, ends_at)
        VALUES ($1, $2, clock_timestamp() + $3::bigint * interval '1 microsecond')
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends_at = excluded.ends_at
        WHERE l.holder = excluded.holder OR l.ends_at <= clock_timestamp()
        """)

    public func lease(
        _ job: JobName, to holder: Node.ID, for duration: Duration
    ) async throws(StoreError) -> Bool {
        let values: [PostgresValue] = [
            .text(job.rawValue), .identifier(holder), .integer(duration.wholeMicroseconds),
        ]
        return try await database.change([PostgresStep(Self.takeLease, values)], locking: .several) {
            answers in
            answers.affected(0) == 1
        }
    }
}

// MARK: - Counting

extension PostgresStore {
    /// How many rows one count looks at, at most: some milliseconds.
    private static let countLimit = 100_000
    /// Of about how many tokens a sample says how many are dead.
    private static let sampleSize = 20_000

    // What can still be used is all but what cannot, and that is what indexes lead to.
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

    // Whole pages from all over the table. (CockroachDB: the statistics of the planner, SHOW STATISTICS.)
    private static let tokenSample = SQLText(
        """
        SELECT count(*), count(*) FILTER (WHERE revoked_at IS NOT NULL OR expires_at <= $2)
        FROM api_token TABLESAMPLE SYSTEM (least(100, 100 * $1::float8 / greatest(1, $3::float8)))
        """)

    /// Counts rows, no more than `$1`.
    private static func count(_ rows: String) -> String {
        "(SELECT count(*) FROM (SELECT FROM \(rows) LIMIT $1) AS part)"
    }

    /// How many rows there were when the server last looked, which it does whenever a part of them has changed.
    private static func estimate(_ table: String) -> String {
        "(SELECT reltuples::bigint FROM pg_class WHERE oid = '\(table)'::regclass)"
    }

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

    /// How many of so many tokens are dead, by a sample.
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
