/// The times for which rows are kept that only serve to be looked up. Older rows are deleted in small steps.
public struct Retention: Sendable, Hashable {
    /// The time for which a refused request can be looked up.
    public var refusals: Duration
    /// The time for which audit events are kept.
    public var audit: Duration
    /// The time for which an accepted request can be seen; zero keeps none.
    public var requests: Duration
    /// The time for which a token is kept after its end, so that a program that presents it is told the reason for the refusal.
    public var deadTokens: Duration

    public init(
        refusals: Duration = .seconds(7 * 86_400), audit: Duration = .seconds(365 * 86_400),
        requests: Duration = .seconds(86_400), deadTokens: Duration = .seconds(30 * 86_400)
    ) {
        self.refusals = refusals
        self.audit = audit
        self.requests = requests
        self.deadTokens = deadTokens
    }
}
