import TesseraCore

/// How long a server keeps what nobody can use any more.
enum RetentionParameters {
    private static let refusals = Parameter.option(
        "--keep-refusals", .duration, default: "7d", "How long a refused request can be looked up.",
        environment: "TESSERA_KEEP_REFUSALS")
    private static let audit = Parameter.option(
        "--keep-audit", .duration, default: "365d", "How long it is known who changed what.",
        environment: "TESSERA_KEEP_AUDIT")
    private static let requests = Parameter.option(
        "--keep-requests", .duration, default: "24h",
        "How long people can see the requests made with their tokens; 0 keeps none.",
        environment: "TESSERA_KEEP_REQUESTS")
    private static let deadTokens = Parameter.option(
        "--keep-dead-tokens", .duration, default: "30d",
        "How long after its end a token is still known, and the reason why it is refused.",
        environment: "TESSERA_KEEP_DEAD_TOKENS")

    static let all: [any AnyParameter] = [refusals, audit, requests, deadTokens]

    static func retention(_ invocation: Invocation) -> Retention {
        Retention(
            refusals: invocation[refusals], audit: invocation[audit], requests: invocation[requests],
            deadTokens: invocation[deadTokens])
    }
}
