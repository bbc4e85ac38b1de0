import TesseraCore
import TesseraHosting
import TesseraTime

extension Lifecycle {
    /// What is counted about work in the background and about the store. Never anything about a person.
    static func metrics(of board: JobBoard, queues: [(name: String, length: Int)]) -> [Metric] {
        let jobs = jobMetrics(board.records)
        let queues = Metric(
            "tessera_queue_length", .gauge, "What waits in memory, by queue.",
            samples: queues.map { ([("queue", $0.name)], Double($0.length)) })
        return jobs + [queues] + (board.census.map(censusMetrics) ?? [])
    }

    private static func jobMetrics(_ records: [JobBoard.Record]) -> [Metric] {
        func metric(
            _ name: String, _ kind: Metric.Kind, _ help: String, _ value: (JobBoard.Record) -> Double
        ) -> Metric {
            Metric(
                "tessera_job_\(name)", kind, help,
                samples: records.map { ([("job", $0.last.job.rawValue)], value($0)) })
        }
        return [
            metric("runs_total", .counter, "Runs of each job since the start.") { Double($0.runs) },
            metric("failures_total", .counter, "Runs of each job that failed.") { Double($0.failures) },
            metric("rows_total", .counter, "Rows that each job has written or deleted.") { Double($0.rows) },
            metric("consecutive_failures", .gauge, "How many times in a row each job has failed now.") {
                Double($0.last.failures)
            },
            metric("last_run_timestamp_seconds", .gauge, "When the last run of each job began.") {
                Double($0.last.at.milliseconds) / 1_000
            },
            metric("last_run_duration_seconds", .gauge, "How long the last run of each job took.") {
                $0.last.duration / .seconds(1)
            },
        ]
    }

    private static func censusMetrics(_ census: StoreCensus) -> [Metric] {
        var metrics = [
            Metric(
                "tessera_rows", .gauge, "Rows in the store: live, or dead and not yet deleted.",
                samples: census.rows.flatMap { rows in
                    [("live", rows.live), ("dead", rows.dead)].map { state, count in
                        ([("table", rows.table.rawValue), ("state", state)], Double(count))
                    }
                }),
            Metric(
                "tessera_rows_estimated", .gauge,
                "1 where tessera_rows is estimated because a count would cost too much.",
                samples: census.rows.map { ([("table", $0.table.rawValue)], $0.isExact ? 0 : 1) }),
        ]
        if let size = census.size {
            metrics.append(Metric("tessera_database_bytes", .gauge, "Size of the database.", size))
        }
        if let size = census.logSize {
            metrics.append(
                Metric("tessera_database_log_bytes", .gauge, "Size of the database's write-ahead log.", size))
        }
        return metrics
    }
}
