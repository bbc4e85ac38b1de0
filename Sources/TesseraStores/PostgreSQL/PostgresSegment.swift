/// What was sent together, up to a point of synchronisation: one implicit transaction, which happens as a whole or not
/// at all.
struct PostgresSegment {
    enum Command {
        case prepare(slot: Int, name: String)
        case run(request: Int)
    }

    let requests: [PostgresRequest]
    /// When it was sent, on the monotonic clock, in nanoseconds.
    let sentAt: Int64
    /// What was sent, in order; each gets one answer.
    var commands: [Command] = []
    /// How many of them were answered.
    var answered = 0
    /// Why nothing of it has happened.
    var failure: PostgresFailure?

    init(_ requests: [PostgresRequest], sentAt: Int64) {
        self.requests = requests
        self.sentAt = sentAt
    }
}
