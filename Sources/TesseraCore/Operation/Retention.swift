/// How long is kept what nobody can use any more. Older rows are deleted in small steps.
public struct Retention: Sendable, Hashable {
    /// How long a refused request can be looked up.
    public var refusals: Duration
    /// How long it is known who changed what.
    public var audit: Duration
    /// How long an accepted request can be seen; nothing is kept for zero.
    public var requests: Duration
    /// How long after its end a token is still known, so that who presents it is told why it is refused.
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
