import TesseraDatabase

/// Statements whose answers a caller waits for.
// Safe: the caller hands it over to the queue; after that, only the thread of the pool accesses it.
final class PostgresRequest: @unchecked Sendable {
    enum Kind {
        /// A request without changes, which may be sent again when the result of the first attempt is unknown.
        case read
        case change
    }

    typealias Answer = Result<[PostgresResult], StoreError>

    let kind: Kind
    let steps: [PostgresStep]
    let lock: PostgresLock
    /// On the monotonic clock, in nanoseconds.
    let deadline: Int64
    /// Indicates that the request fails at once when no connection can be made.
    let isImpatient: Bool
    /// The number of times that it was sent.
    var attempts = 0
    /// Indicates that the connection that carried the request was lost.
    var wasLost = false
    /// Indicates that the request needs its own transaction: a shared one has failed, or it takes several locks.
    var isAlone: Bool
    /// The answers to its steps.
    var results: [PostgresResult] = []
    private var continuation: CheckedContinuation<Answer, Never>?

    init(
        _ kind: Kind, _ steps: [PostgresStep], locking lock: PostgresLock, deadline: Int64,
        isImpatient: Bool = false,
        _ continuation: CheckedContinuation<Answer, Never>
    ) {
        self.kind = kind
        self.steps = steps
        self.lock = lock
        isAlone = lock == .several
        self.deadline = deadline
        self.isImpatient = isImpatient
        self.continuation = continuation
    }

    var isAnswered: Bool { continuation == nil }

    /// Resumes the caller. Only the first answer counts.
    ///
    /// - Returns: `true` for the first answer.
    @discardableResult
    func answer(_ answer: Answer) -> Bool {
        guard let continuation else { return false }
        self.continuation = nil
        continuation.resume(returning: answer)
        return true
    }
}
