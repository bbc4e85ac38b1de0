import TesseraHTML

/// `/settings/tokens/revoke-all`: everything that would stop working, and the button that does it.
struct RevokeAllTokensPage: Page {
    var context: PageContext
    /// The tokens that can be used, the newest first.
    var tokens: [TokenSummary]

    /// The number that are listed; more are counted.
    private static let mostLines = 100

    var title: String { "Revoke all tokens" }
    var place: SettingsPlace? { .tokens }

    var content: HTML {
        h1 { "Revoke all tokens?" }
        if tokens.isEmpty {
            p(.class("lead")) { "You have no token that could stop." }
            p { a(.class("button"), .href("/settings/tokens")) { "Back to your tokens" } }
        } else {
            p(.class("lead")) {
                "Programs that use them are refused from their next request on. This cannot be undone. You stay signed in."
            }
            section(.class("card danger-zone stack"), Attribute("aria-labelledby", "what-breaks")) {
                h2(.id("what-breaks")) {
                    tokens.count == 1
                        ? "1 token will stop working" : "\(tokens.count) tokens will stop working"
                }
                ul(.class("lines")) {
                    items(tokens, upTo: Self.mostLines) { line(of: $0) }
                }
                dangerForm(
                    "Revoke all tokens", action: "/settings/tokens/revoke-all", cancel: "/settings/tokens")
            }
        }
    }
}
