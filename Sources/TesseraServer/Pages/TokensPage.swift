import TesseraJOSE

/// `/settings/tokens`: the person's tokens.
struct TokensPage: Page {
    var context: PageContext
    /// In the order in which they are shown; one page of them.
    var tokens: [TokenSummary]
    /// The address of the page before, such as `?page=1`; nil on the first.
    var previousPage: String?
    /// The address of the page after; nil on the last.
    var nextPage: String?

    var title: String { "Access tokens" }
    var place: SettingsPlace? { .tokens }

    var content: HTML {
        div(.class("heading")) {
            div {
                h1 { "Access tokens" }
                p(.class("lead")) {
                    "A token lets a program act for you, within its scopes and until it expires. "
                    "Give each program its own."
                }
            }
            if !tokens.isEmpty { newToken }
        }
        if tokens.isEmpty {
            nothingYet
        } else {
            ul(.class("tokens card")) {
                for token in tokens { row(token) }
            }
        }
        if previousPage != nil || nextPage != nil { paging }
    }

    private var newToken: HTML {
        a(.class("button primary"), .href("/settings/tokens/new")) { "New token" }
    }

    private var nothingYet: HTML {
        div(.class("card empty")) {
            Icon.mark
            h2 { "No tokens yet" }
            p {
                "Make one for a script, a build server or an app. You choose what it may do and for how long, "
                "and you can take it back at any time."
            }
            newToken
        }
    }

    private func row(_ token: TokenSummary) -> HTML {
        li(.class(token.state.isUsable ? "token" : "token spent"), .id("token-\(token.id)")) {
            div(.class("token-head")) {
                h2(.id("name-\(token.id)")) { bdi { token.name } }
                stateChip(token.state)
            }
            p { tokenHint(token) }
            scopeChips(token.scopes)
            dl(.class("facts")) {
                fact("Created", token.created)
                fact("Last used", token.lastUsed, otherwise: "Never used")
                if let revoked = token.revoked {
                    fact("Revoked", revoked)
                } else {
                    fact(
                        token.state == .expired ? "Expired" : "Expires", token.expires,
                        otherwise: "Never expires")
                }
            }
            if token.state.isUsable {
                a(
                    .class("button danger-quiet revoke"), .href("/settings/tokens/\(token.id)/revoke"),
                    .describedBy(["name-\(token.id)"])
                ) { "Revoke" }
            }
        }
    }

    private func fact(_ name: String, _ instant: NumericDate) -> HTML {
        div {
            dt { name }
            dd { time(instant) }
        }
    }

    /// A fact that may be missing; the sentence that says so needs no name in sight.
    @HTMLBuilder private func fact(_ name: String, _ instant: NumericDate?, otherwise: String) -> HTML {
        if let instant {
            fact(name, instant)
        } else {
            div {
                dt(.class("unseen")) { name }
                dd { otherwise }
            }
        }
    }

    private var paging: HTML {
        nav(.class("paging"), Attribute("aria-label", "Pages of tokens")) {
            if let previousPage { a(.class("button"), .rel("prev"), .href(previousPage)) { "Previous" } }
            if let nextPage { a(.class("button"), .rel("next"), .href(nextPage)) { "Next" } }
        }
    }
}
