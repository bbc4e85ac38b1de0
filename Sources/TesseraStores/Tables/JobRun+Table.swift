import TesseraCore
import TesseraTime

/// The table of the last run of each job.
extension JobRun {
    static let columns = [
        Column("name", .text), Column("at", .instant), Column("duration", .integer),
        Column("rows", .integer), Column("waiting", .integer), Column("failures", .integer),
        Column("complaint", .text),
    ]

    /// The values of ``columns``.
    func values<Value: BoundValue>() -> [Value] {
        [
            .text(job.rawValue), .instant(at), .integer(duration.wholeMicroseconds), .integer(rows),
            .integer(waiting.map(Int64.init)), .integer(failures), .text(complaint),
        ]
    }

    /// Reads a run; `nil` for a job that only a newer version has.
    init?(_ row: borrowing some ResultRow & ~Copyable) throws(StoreError) {
        guard let job = JobName(rawValue: try row.text(0)) else { return nil }
        self.init(
            job, at: try row.instant(1), duration: .microseconds(try row.integer(2)),
            rows: Int(try row.integer(3)), waiting: try row.integerOrNil(4).map(Int.init),
            failures: Int(try row.integer(5)), complaint: try row.textOrNil(6))
    }
}
