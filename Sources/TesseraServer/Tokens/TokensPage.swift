import TesseraHTML
import TesseraTime

/// `/settings/tokens`: the person's tokens.
struct TokensPage: Page {
    var context: PageContext
    /// In the order in which they are shown; one page of them.
    var tokens: [TokenSummary]
    /// The tokens that alone are shown; nil for all.
    var shown: TokenSelection?
    /// The number of tokens in the selection, on all pages.
    var shownCount: Int?
    /// The numbers of tokens in the selections worth a look, without empty ones.
    var concerns: [(concern: TokenSelection, count: Int)] = []
    /// Indicates that a token is left that can be revoked.
    var canRevokeAll = false
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
            if !tokens.isEmpty || shown != nil { newToken }
        }
        if let shown {
            onlySome(shown)
        } else if !concerns.isEmpty {
            callout
        }
        if !tokens.isEmpty {
            ul(.class("tokens card")) {
                for token in tokens { row(token) }
            }
        } else if shown == nil {
            nothingYet
        } else {
            p(.class("card muted")) { "None any more." }
        }
        if previousPage != nil || nextPage != nil { paging }
        if canRevokeAll, shown == nil {
            p(.class("aside")) {
                a(.class("button danger-quiet"), .href("/settings/tokens/revoke-all")) {
                    "Revoke all tokens"
                }
            }
        }
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
                h2(.id("name-\(token.id)")) { tokenLink(token) }
                tokenChips(token)
            }
            p { tokenHint(token) }
            scopeChips(token.scopes)
            dl(.class("facts")) {
                fact("Created", token.created)
                div {
                    dt(.when(token.lastUsed == nil, .class("unseen"))) { "Last used" }
                    dd { lastUse(of: token) }
                }
                if let revoked = token.revoked {
                    fact("Revoked", revoked)
                } else {
                    fact(Self.nameOfEnd(token.state), token.expires, otherwise: "Never expires")
                }
            }
            if token.state.isUsable {
                a(
                    .class("button danger-quiet revoke"), .href("\(token.path)/revoke"),
                    .describedBy(["name-\(token.id)"])
                ) { "Revoke" }
            }
        }
    }

    private static func nameOfEnd(_ state: TokenSummary.State) -> String {
        switch state {
        case .expired: "Expired"
        case .beingReplaced: "Ends"
        default: "Expires"
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

// MARK: - What is worth a look

extension TokensPage {
    private var callout: HTML {
        section(.class("warn"), Attribute("aria-labelledby", "concerns")) {
            Icon.warning
            div {
                h2(.id("concerns")) { "Worth a look" }
                ul {
                    for (concern, count) in concerns {
                        li {
                            a(.href(concern.path)) { concern.sentence(about: count) }
                        }
                    }
                }
            }
        }
    }

    private func onlySome(_ selection: TokenSelection) -> HTML {
        div(.class(TokenSelection.concerns.contains(selection) ? "warn spread" : "card spread")) {
            p {
                strong { selection.heading }
                if let shownCount { " \(shownCount) in all." }
                " "
                selection.advice
            }
            a(.href("/settings/tokens")) { "Show all tokens" }
        }
    }
}

extension TokenSelection {
    fileprivate var heading: String {
        switch self {
        case .active: "Tokens that can be used now."
        case .disabled: "Tokens that are disabled."
        case .expiring: "Tokens that are about to expire."
        case .unused: "Tokens that have not been used for a long time."
        case .exceeding: "Tokens that outlive the policy."
        }
    }

    fileprivate var advice: String {
        switch self {
        case .active: "Programs act for you with them."
        case .disabled: "They are refused until you enable them."
        case .expiring: "Rotate those that are still needed before their programs stop."
        case .unused: "Revoke those that you no longer need."
        case .exceeding: "They go on working. Rotate them, or let them expire earlier, when it suits you."
        }
    }
}
