import TesseraDatabase

/// What was sent together, up to a point of synchronisation: one implicit transaction, which happens as a whole or not
/// at all.
struct PostgresSegment {
    enum Command {
        case prepare(slot: Int, name: String)
        case prelude
        case run(request: Int)
    }

    let requests: [PostgresRequest]
    /// What is asked before the requests; `nil` for nothing.
    let prelude: PostgresStep?
    /// When it was sent, on the monotonic clock, in nanoseconds.
    let sentAt: Int64
    /// What was sent, in order; each gets one answer.
    var commands: [Command] = []
    /// How many of them were answered.
    var answered = 0
    /// What the server has answered to the prelude.
    var preludeAnswer: PostgresResult?
    /// What was answered first in place of an answer.
    var failure: PostgresFailure? {
        didSet { failureIsBeforeCommit = oldValue == nil ? answered < commands.count : failureIsBeforeCommit }
    }
    /// Whether the failure came in place of the answer to a statement, and not behind the last one.
    private var failureIsBeforeCommit = false

    init(_ requests: [PostgresRequest], after prelude: PostgresStep?, sentAt: Int64) {
        self.requests = requests
        self.prelude = prelude
        self.sentAt = sentAt
    }

    /// What a request was answered: what the prelude was comes first.
    func results(of request: PostgresRequest) -> [PostgresResult] {
        preludeAnswer.map { [$0] + request.results } ?? request.results
    }

    /// Whether it changes something that it tells other nodes.
    var tells: Bool {
        requests[0].kind == .change && requests.contains { $0.steps.contains(where: \.statement.tells) }
    }

    /// Whether it is certain that nothing of it has happened and nothing will.
    ///
    /// The server has said so: a statement or the commit has failed, or the end of the connection was announced in place of
    /// the answer to a statement. An end behind the last one may have come after the commit as well. Where nothing was said,
    /// the answers may have been lost and not the statements.
    var isUndone: Bool {
        guard let failure, !failure.leavesOutcomeOpen else { return false }
        return !failure.endsConnection || failureIsBeforeCommit
    }
}
