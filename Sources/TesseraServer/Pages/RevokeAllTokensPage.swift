import TesseraHTML

/// `/settings/tokens/revoke-all`: everything that would stop working, and the button that does it.
struct RevokeAllTokensPage: Page {
    var context: PageContext
    /// The tokens that can be used, the newest first.
    var tokens: [TokenSummary]

    /// How many are told one by one.
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
                "Whatever uses them is refused from its next request on. This cannot be undone. You stay signed in."
            }
            section(.class("card danger-zone stack"), Attribute("aria-labelledby", "what-breaks")) {
                h2(.id("what-breaks")) {
                    tokens.count == 1
                        ? "1 token will stop working" : "\(tokens.count) tokens will stop working"
                }
                ul(.class("lines")) {
                    for token in tokens.prefix(Self.mostLines) { li { line(of: token) } }
                    if tokens.count > Self.mostLines {
                        li(.class("muted")) { "and \(tokens.count - Self.mostLines) more" }
                    }
                }
                form(.class("actions"), .action("/settings/tokens/revoke-all"), .post) {
                    csrfField
                    button(.class("danger"), .type("submit")) { "Revoke all tokens" }
                    a(.class("button quiet"), .href("/settings/tokens")) { "Cancel" }
                }
            }
        }
    }
}
