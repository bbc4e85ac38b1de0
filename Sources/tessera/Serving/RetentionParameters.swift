import TesseraCore

/// The retention times of refusals, events, requests and ended tokens.
enum RetentionParameters {
    private static let refusals = Parameter.option(
        "--keep-refusals", .duration, default: "7d", "How long refused requests are kept.",
        environment: "TESSERA_KEEP_REFUSALS")
    private static let audit = Parameter.option(
        "--keep-audit", .duration, default: "365d", "How long the audit log is kept.",
        environment: "TESSERA_KEEP_AUDIT")
    private static let requests = Parameter.option(
        "--keep-requests", .duration, default: "24h",
        "How long the recent requests of tokens are kept; 0 keeps none.",
        environment: "TESSERA_KEEP_REQUESTS")
    private static let deadTokens = Parameter.option(
        "--keep-dead-tokens", .duration, default: "30d",
        "How long ended tokens are kept, so that refusals can state the reason.",
        environment: "TESSERA_KEEP_DEAD_TOKENS")

    static let all: [any AnyParameter] = [refusals, audit, requests, deadTokens]

    static func retention(_ invocation: Invocation) -> Retention {
        Retention(
            refusals: invocation[refusals], audit: invocation[audit], requests: invocation[requests],
            deadTokens: invocation[deadTokens])
    }
}
