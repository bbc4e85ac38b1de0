import Synchronization
package import TesseraCore

/// How the jobs of this process have gone so far, and what was counted.
package final class JobBoard: Sendable {
    /// What is known of one job.
    package struct Record: Sendable {
        package var last: JobRun
        /// Since the start.
        package var runs = 0
        package var failures = 0
        package var rows = 0
    }

    private struct State {
        var records: [JobName: Record] = [:]
        var census: StoreCensus?
    }

    private let state = Mutex(State())

    package init() {}

    /// Notes how a job went.
    func note(_ run: JobRun) {
        state.withLock { state in
            var record = state.records[run.job] ?? Record(last: run)
            record.last = run
            record.runs += 1
            record.failures += run.failures > 0 ? 1 : 0
            record.rows += run.rows
            state.records[run.job] = record
        }
    }

    /// How many times in a row a job has failed; 0 after a success.
    func failures(of job: JobName) -> Int { state.withLock { $0.records[job]?.last.failures ?? 0 } }

    /// In the order of `JobName.allCases`; those that never ran are missing.
    package var records: [Record] {
        state.withLock { state in JobName.allCases.compactMap { state.records[$0] } }
    }

    /// What was counted last; `nil` before it was.
    package var census: StoreCensus? {
        get { state.withLock { $0.census } }
        set { state.withLock { $0.census = newValue } }
    }
}
