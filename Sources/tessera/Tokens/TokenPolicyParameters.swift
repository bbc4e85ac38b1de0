import TesseraCore

/// The limits that an operator sets for tokens.
enum TokenPolicyParameters {
    private static let longestLifetime = Parameter.option(
        "--longest-token-lifetime", .duration,
        "The longest lifetime of created, extended and rotated tokens, such as 365d. Existing tokens are not shortened.",
        environment: "TESSERA_LONGEST_TOKEN_LIFETIME")
    private static let tokensPerUser = Parameter.option(
        "--tokens-per-user", .number("N", in: 0...1_000_000), default: "100",
        "The maximum number of active tokens per user; 0 means no limit.",
        environment: "TESSERA_TOKENS_PER_USER")
    private static let quietEnd = Parameter.option(
        "--end-rotated-tokens-after", .duration,
        "How long a rotated token must be unused, while the new one is in use, to end early; 0 means never. "
            + "The default is half of its overlap, and at least one hour.",
        environment: "TESSERA_END_ROTATED_TOKENS_AFTER")

    static let longestLifetimeOnly: [any AnyParameter] = [longestLifetime]
    static let all: [any AnyParameter] = [longestLifetime, tokensPerUser]

    static let ofServer: [any AnyParameter] = all + [quietEnd]

    /// The policy of a server, which also ends rotated tokens.
    static func policyOfServer(_ invocation: Invocation) -> TokenPolicy {
        var policy = policyOfNewTokens(invocation)
        if let time = invocation[quietEnd] { policy.quietEnd = time == .zero ? .never : .after(time) }
        return policy
    }

    /// The policy of a command that changes tokens.
    static func policy(_ invocation: Invocation) -> TokenPolicy {
        TokenPolicy(longestLifetime: longestLifetime(invocation))
    }

    /// The policy of a command that creates tokens.
    static func policyOfNewTokens(_ invocation: Invocation) -> TokenPolicy {
        let limit = invocation[tokensPerUser]
        return TokenPolicy(
            longestLifetime: longestLifetime(invocation), tokensPerUser: limit == 0 ? nil : limit)
    }

    /// Zero means no limit, as for the number of tokens: otherwise no token could be created.
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
