import TesseraCrypto
import TesseraHTML
import TesseraTime

/// The answer to a successful form: the only page that ever contains a token.
///
/// - Warning: Send it with `Cache-Control: no-store`, and only as the answer to the request that made the token.
struct TokenCreatedPage: Page {
    var context: PageContext
    /// The token itself, as UTF-8; a secret until it is written into the page, so that no log of a model has it.
    var token: Secret
    var name: String
    var scopes: [String]
    /// Nil if it does not expire.
    var expires: NumericDate?
    /// The address of the API to try it on, such as `https://api.example.com/api/me`.
    var tryAt: String
    /// The token in whose place it was made, as it is from now on; nil if it replaces none.
    var old: TokenSummary?

    var title: String { "Your new token" }
    var place: SettingsPlace? { .tokens }

    var content: HTML {
        h1 { "Your new token" }
        p(.class("lead")) {
            "Token "
            strong { bdi { name } }
            old == nil ? " is ready." : " has a new string."
        }
        section(.class("card stack"), Attribute("aria-labelledby", "token-heading")) {
            div(.class("warn")) {
                Icon.warning
                p {
                    strong { "Copy it now: it is shown only this once." }
                    " It can act for you, so keep it like a password."
                }
            }
            div {
                h2(.id("token-heading")) { "Token" }
                copyable(id: "new-token", label: "Copy token") { code(.id("new-token")) { plainToken } }
            }
            div {
                h2 { "Try it" }
                copyable(id: "try-it", label: "Copy command") {
                    pre(Attribute("tabindex", "0"), .role("group"), Attribute("aria-label", "Command line")) {
                        code(.id("try-it")) { "curl -H \"Authorization: Bearer \(plainToken)\" \(tryAt)" }
                    }
                }
            }
            dl(.class("sheet")) {
                dt { "Scopes" }
                dd { scopeChips(scopes) }
                dt { "Expires" }
                dd { if let expires { exact(expires) } else { "never" } }
                if let old {
                    dt { "Old token" }
                    dd { fate(of: old) }
                }
            }
        }
        p { a(.class("button"), .href("/settings/tokens")) { "Back to your tokens" } }
    }

    @HTMLBuilder private func fate(of old: TokenSummary) -> HTML {
        tokenHint(old)
        if old.state.isUsable {
            " goes on until it ends "
            time(orNever: old.expires)
            ". "
        } else {
            " has ended. "
        }
        a(.href(old.path)) { "See it" }
    }

    private var plainToken: String { token.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }

    /// Text with a button that copies it. The button appears only where the script runs.
    private func copyable(id: String, label: String, @HTMLBuilder text: () -> HTML) -> HTML {
        div(.class("copyable")) {
            text()
            button(.class("copy"), .type("button"), Attribute("data-copy", id), .hidden) { label }
            span(.class("unseen"), .role("status")) {}
        }
    }
}
