import TesseraHTML

/// `/`: what this is, for those who are not signed in; where things stand, for those who are.
struct HomePage: Page {
    var context: PageContext
    /// The numbers of the person's tokens; nil for a visitor.
    var overview: Overview?

    struct Overview: Sendable {
        /// Tokens that can be used now, those that expire soon included.
        var activeTokens: Int
        /// The number of them that expire soon.
        var expiringSoon: Int
        /// Tokens that could be used if their owner enabled them.
        var disabledTokens = 0
    }

    var title: String { overview == nil ? "Welcome" : "Overview" }
    var place: SettingsPlace? { overview == nil ? nil : .overview }

    var content: HTML {
        if let overview { signedIn(overview) } else { signedOut }
    }

    private var signedOut: HTML {
        div(.class("welcome")) {
            h1 { "Access tokens you can see and take back" }
            p(.class("lead")) {
                "Give each program a token of its own, with only the permissions it needs, for as long as it needs "
                "them. When it is no longer needed, or gets lost, one click ends it."
            }
            p(.class("actions")) {
                a(.class("button primary"), .href("/login")) { "Sign in" }
                a(.class("button"), .href("/docs")) { "Read the API" }
            }
            ul(.class("points")) {
                li {
                    h2 { "Shown once" }
                    p {
                        "Only a fingerprint of a token is kept here. Not even the operator can read it back."
                    }
                }
                li {
                    h2 { "Limited" }
                    p { "Scopes say what a token may do, and an expiry date says until when." }
                }
                li {
                    h2 { "Explained" }
                    p { "Every refused request has a page that says why, and what to do about it." }
                }
            }
        }
    }

    @HTMLBuilder private func signedIn(_ overview: Overview) -> HTML {
        h1 { "Overview" }
        section(.class("card figure"), Attribute("aria-labelledby", "tokens-heading")) {
            div {
                h2(.id("tokens-heading")) { "Access tokens" }
                p(.class("number")) {
                    a(.href(TokenSelection.active.path)) {
                        strong { "\(overview.activeTokens)" }
                        overview.activeTokens == 1 ? " active token" : " active tokens"
                    }
                }
                p(.class("muted")) {
                    if overview.expiringSoon > 0 {
                        a(.href(TokenSelection.expiring.path)) { outlook(overview) }
                    } else {
                        outlook(overview)
                    }
                }
                if overview.disabledTokens > 0 {
                    p(.class("muted")) {
                        a(.href(TokenSelection.disabled.path)) {
                            TokenSelection.disabled.sentence(about: overview.disabledTokens)
                        }
                        "."
                    }
                }
            }
            p(.class("actions")) {
                a(.class("button primary"), .href("/settings/tokens/new")) { "New token" }
                a(.class("button"), .href("/settings/tokens")) { "Manage tokens" }
            }
        }
        usage
    }

    private var usage: HTML {
        section(.class("card"), Attribute("aria-labelledby", "use-heading")) {
            h2(.id("use-heading")) { "Using a token" }
            p(.class("muted")) { "A program sends its token with every request:" }
            pre(.class("example")) { code { "Authorization: Bearer tcp_…" } }
            p {
                a(.href("/docs")) { "Read and try the API" }
                ": what can be called, with which scopes."
            }
        }
    }

    private func outlook(_ overview: Overview) -> String {
        switch (overview.activeTokens, overview.expiringSoon) {
        case (0, _): "Make one to let a program act for you."
        case (_, 0): "None of them expires soon."
        case (_, 1): "One of them expires soon."
        case (_, let soon): "\(soon) of them expire soon."
        }
    }
}
