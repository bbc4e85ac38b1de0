import TesseraDatabase

/// The statements that were sent together, up to a point of synchronisation: one implicit transaction, which happens as a
/// whole or not at all.
struct PostgresSegment {
    enum Command {
        case prepare(slot: Int, name: String)
        case prelude
        case run(request: Int)
    }

    let requests: [PostgresRequest]
    /// The statement before the requests; `nil` for none.
    let prelude: PostgresStep?
    /// The instant of sending, on the monotonic clock, in nanoseconds.
    let sentAt: Int64
    /// The sent commands, in order; each gets one answer.
    var commands: [Command] = []
    /// The number of answered commands.
    var answered = 0
    /// The answer to the prelude.
    var preludeAnswer: PostgresResult?
    /// The first error that came instead of an answer.
    var failure: PostgresFailure? {
        didSet { failureIsBeforeCommit = oldValue == nil ? answered < commands.count : failureIsBeforeCommit }
    }
    /// Indicates that the failure came instead of the answer to a statement, not after the last answer.
    private var failureIsBeforeCommit = false

    init(_ requests: [PostgresRequest], after prelude: PostgresStep?, sentAt: Int64) {
        self.requests = requests
        self.prelude = prelude
        self.sentAt = sentAt
    }

    /// The answers to a request, after the answer to the prelude.
    func results(of request: PostgresRequest) -> [PostgresResult] {
        preludeAnswer.map { [$0] + request.results } ?? request.results
    }

    /// Indicates that the segment notifies other nodes of a change.
    var tells: Bool {
        requests[0].kind == .change && requests.contains { $0.steps.contains(where: \.statement.tells) }
    }

    /// Indicates that certainly no part of the segment has happened or will happen.
    ///
    /// The server has confirmed it: a statement or the commit has failed, or the server announced the end of the connection
    /// instead of the answer to a statement. An end after the last answer may also follow the commit. Without any message from
    /// the server, the answers may be lost although the statements ran.
    var isUndone: Bool {
        guard let failure, !failure.leavesOutcomeOpen else { return false }
        return !failure.endsConnection || failureIsBeforeCommit
    }
}
