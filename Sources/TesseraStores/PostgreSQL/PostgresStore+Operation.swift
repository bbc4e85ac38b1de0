public import TesseraCore
import TesseraTime

extension PostgresStore: OperationStore {
    // Every node writes the rows in the order of their names, so that two nodes cannot lock each other out.
    private static let putRuns = SQLText(
        """
        INSERT INTO job_run (\(JobRun.columns.names)) \(JobRun.columns.rows) ORDER BY name COLLATE "C"
        ON CONFLICT (name) DO UPDATE
        SET at = excluded.at, duration = excluded.duration, rows = excluded.rows, waiting = excluded.waiting,
            failures = excluded.failures, complaint = excluded.complaint
        """)
    private static let allRuns = SQLText("SELECT \(JobRun.columns.names) FROM job_run")

    /// Replaces the row of each job.
    public func noteRuns(_ runs: [JobRun]) async throws(StoreError) {
        guard !runs.isEmpty else { return }
        let values = JobRun.columns.arrays(runs.map { $0.values() })
        try await database.change([PostgresStep(Self.putRuns, values)], locking: .several) { _ in }
    }

    /// Reads the runs, without those of jobs that only a newer version knows.
    public func jobRuns() async throws(StoreError) -> [JobRun] {
        let runs = try await database.query(Self.allRuns) { row in try JobRun(row) }
        return JobName.allCases.compactMap { job in runs.first { $0?.job == job } ?? nil }
    }

    // By the clock of the server, because the clocks of the nodes may differ.
    private static let takeLease = SQLText(
        """
        INSERT INTO job_lease AS l (name, holder, ends_at)
        VALUES ($1, $2, clock_timestamp() + $3::bigint * interval '1 microsecond')
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends_at = excluded.ends_at
        WHERE l.holder = excluded.holder OR l.ends_at <= clock_timestamp()
        """)

    /// Takes or extends the lease, by the clock of the server.
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
