public import TesseraCore
import TesseraTime

extension SQLiteStore: OperationStore {
    private static let putRun = SQLText(
        """
        INSERT OR REPLACE INTO job_run (\(JobRun.columns.sqliteNames)) VALUES (\(JobRun.columns.sqliteParameters()))
        """)
    private static let allRuns = SQLText("SELECT \(JobRun.columns.sqliteNames) FROM job_run")

    /// Replaces the row of each job.
    public func noteRuns(_ runs: [JobRun]) async throws(StoreError) {
        guard !runs.isEmpty else { return }
        try await database.noting { connection in
            for run in runs { try connection.execute(Self.putRun, run.values()) }
        }
    }

    /// Reads the runs, without those of jobs that only a newer version knows.
    public func jobRuns() async throws(StoreError) -> [JobRun] {
        let runs = try database.reading { connection in
            try connection.query(Self.allRuns) { row in try JobRun(row) }
        }
        return JobName.allCases.compactMap { job in runs.first { $0?.job == job } ?? nil }
    }
}
