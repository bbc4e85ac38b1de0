import TesseraDatabase

/// Statements that somebody waits for.
// Safe: whoever queues it hands it over; after that only the thread of the pool touches it.
final class PostgresRequest: @unchecked Sendable {
    enum Kind {
        /// Changes nothing, and may therefore be sent a second time when nobody knows what became of the first.
        case read
        case change
    }

    typealias Answer = Result<[PostgresResult], StoreError>

    let kind: Kind
    let steps: [PostgresStep]
    let lock: PostgresLock
    /// On the monotonic clock, in nanoseconds.
    let deadline: Int64
    /// Whether it fails at once when no connection can be made.
    let isImpatient: Bool
    /// How often it was sent.
    var attempts = 0
    /// Whether the connection that it was sent over was lost.
    var wasLost = false
    /// Whether it must not share its transaction: one that it shared has failed, or it has several locks to take.
    var isAlone: Bool
    /// What its steps have answered.
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

    /// Lets go on whoever waits. Only the first answer counts.
    ///
    /// - Returns: Whether this was the first.
    @discardableResult
    func answer(_ answer: Answer) -> Bool {
        guard let continuation else { return false }
        self.continuation = nil
        continuation.resume(returning: answer)
        return true
    }
}
