import TesseraCore

/// What an operator lets tokens be.
enum TokenPolicyParameters {
    private static let longestLifetime = Parameter.option(
        "--longest-token-lifetime", .duration,
        "How long a token may live that is made, extended or rotated, such as 365d. Older ones are never cut.",
        environment: "TESSERA_LONGEST_TOKEN_LIFETIME")
    private static let tokensPerUser = Parameter.option(
        "--tokens-per-user", .number("N", in: 0...1_000_000), default: "100",
        "How many living tokens one person may have; 0 for any number.",
        environment: "TESSERA_TOKENS_PER_USER")
    private static let quietEnd = Parameter.option(
        "--end-rotated-tokens-after", .duration,
        "How long a rotated token must not have been used, while the new one is, to be ended early; 0 for never. "
            + "Half of its overlap unless set, and an hour at least.",
        environment: "TESSERA_END_ROTATED_TOKENS_AFTER")

    static let longestLifetimeOnly: [any AnyParameter] = [longestLifetime]
    static let all: [any AnyParameter] = [longestLifetime, tokensPerUser]

    static let ofServer: [any AnyParameter] = all + [quietEnd]

    /// The policy of a server, which also ends tokens that were rotated.
    static func policyOfServer(_ invocation: Invocation) -> TokenPolicy {
        var policy = policyOfNewTokens(invocation)
        if let time = invocation[quietEnd] { policy.quietEnd = time == .zero ? .never : .after(time) }
        return policy
    }

    /// The policy of a command that changes tokens.
    static func policy(_ invocation: Invocation) -> TokenPolicy {
        TokenPolicy(longestLifetime: longestLifetime(invocation))
    }

    /// The policy of a command that makes tokens.
    static func policyOfNewTokens(_ invocation: Invocation) -> TokenPolicy {
        let limit = invocation[tokensPerUser]
        return TokenPolicy(
            longestLifetime: longestLifetime(invocation), tokensPerUser: limit == 0 ? nil : limit)
    }

    /// No time at all would let no token be made; it stands for no limit, as for the number of tokens.
    private static func longestLifetime(_ invocation: Invocation) -> Duration? {
        invocation[longestLifetime].flatMap { $0 == .zero ? nil : $0 }
    }
}

extension ArgumentKind<Duration> {
    static var duration: ArgumentKind {
        ArgumentKind("TIME", "a number with a unit such as 90s, 15m, 24h or 7d, or 0") {
            DurationText.parse($0)
        }
    }
}
