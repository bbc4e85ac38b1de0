public import TesseraTime

/// The name of a job that an authority runs in the background.
public enum JobName: String, Sendable, CaseIterable {
    /// Hands the last uses of tokens to the store.
    case writeUses = "write-uses"
    /// Hands refusals to the store.
    case writeRefusals = "write-refusals"
    /// Hands accepted requests to the store.
    case writeRequests = "write-requests"
    /// Ends rotated tokens that nothing uses any more.
    case endRotatedTokens = "end-rotated-tokens"
    case pruneTokens = "prune-tokens"
    case pruneSessions = "prune-sessions"
    case pruneRefusals = "prune-refusals"
    case pruneRequests = "prune-requests"
    case pruneAudit = "prune-audit"
    /// Forgets e-mail addresses that were given up long ago.
    case pruneAddresses = "prune-addresses"
    case pruneClaims = "prune-claims"
    /// Counts rows, and writes down how the jobs went.
    case takeStock = "take-stock"
}

/// The result of the last run of a job.
public struct JobRun: Sendable, Hashable {
    /// The job.
    public let job: JobName
    /// The instant at which the run began.
    public let at: NumericDate
    /// To the microsecond.
    public let duration: Duration
    /// The number of rows that the run wrote or deleted.
    public let rows: Int
    /// The number of rows that were left for the next run; `nil` for a number that is not known.
    public let waiting: Int?
    /// The number of failures in a row; 0 after a success.
    public let failures: Int
    /// The error of the store; `nil` after a success.
    public let complaint: String?

    public init(
        _ job: JobName, at: NumericDate, duration: Duration, rows: Int, waiting: Int? = nil,
        failures: Int = 0, complaint: String? = nil
    ) {
        self.job = job
        self.at = at
        self.duration = duration
        self.rows = rows
        self.waiting = waiting
        self.failures = failures
        self.complaint = complaint
    }
}
