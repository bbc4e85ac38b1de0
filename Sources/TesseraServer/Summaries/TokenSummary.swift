import TesseraHTML
import TesseraTime

/// A token as its owner sees it: everything but the token.
struct TokenSummary: Sendable {
    /// The identifier as it stands in paths.
    var id: String
    var name: String
    /// The kind's prefix with its underscore, such as `tcp_`.
    var prefix: String
    /// The last four characters of the token, by which a person knows it again.
    var lastFour: String
    var scopes: [String]
    var state: State
    /// The marks that point out something; empty for a token that has ended.
    var marks: [Mark] = []
    var created: NumericDate
    /// Nil if it was never used.
    var lastUsed: NumericDate?
    /// The address it came from then; nil if that is not known.
    var lastUsedFrom: String?
    /// Nil if it does not expire.
    var expires: NumericDate?
    /// Nil if it was not revoked.
    var revoked: NumericDate?

    /// The state that the token has now.
    enum State: Sendable, Hashable {
        case active
        case expiresSoon
        /// It was rotated, and lives on beside the new one until it expires.
        case beingReplaced
        case disabled
        case expired
        case revoked

        /// Indicates that it can still be revoked.
        var isUsable: Bool {
            switch self {
            case .active, .expiresSoon, .beingReplaced, .disabled: true
            case .expired, .revoked: false
            }
        }
    }

    /// Something to point out about a token that can be used.
    enum Mark: Sendable, Hashable {
        /// For how many days it has not been used at least.
        case unused(days: Int)
        case outlivesPolicy
    }

    /// The page of the token.
    var path: String { "/settings/tokens/\(id)" }
}

// MARK: - How a token looks

extension Page {
    /// The token by its ends: `tcp_…a1B2`.
    func tokenHint(_ token: TokenSummary) -> HTML {
        code(.class("hint")) { "\(token.prefix)…\(token.lastFour)" }
    }

    /// The token by its name, leading to its page.
    func tokenLink(_ token: TokenSummary) -> HTML { TokenLink(path: token.path, name: token.name).html }

    /// The state and what else there is to point out, each in a word and a drawing, so that nothing hangs on a colour.
    @HTMLBuilder func tokenChips(_ token: TokenSummary) -> HTML {
        stateChip(token.state)
        for mark in token.marks { markChip(mark) }
    }

    private func stateChip(_ state: TokenSummary.State) -> HTML {
        switch state {
        case .active: chip("active", Icon.done, "Active")
        case .expiresSoon: chip("soon", Icon.clock, "Expires soon")
        case .beingReplaced: chip("soon", Icon.exchange, "Being replaced")
        case .disabled: chip("ended", Icon.pause, "Disabled")
        case .expired: chip("ended", Icon.ended, "Expired")
        case .revoked: chip("revoked", Icon.revoked, "Revoked")
        }
    }

    private func markChip(_ mark: TokenSummary.Mark) -> HTML {
        switch mark {
        case .unused(let days): chip("soon", Icon.clock, "Unused for \(days) \(days == 1 ? "day" : "days")")
        case .outlivesPolicy: chip("soon", Icon.warning, "Outlives the policy")
        }
    }

    private func chip(_ kind: String, _ icon: HTML, _ text: String) -> HTML {
        span(.class("chip chip-\(kind)")) {
            icon
            text
        }
    }

    /// The scopes as chips in a list; a sentence if there are none.
    @HTMLBuilder func scopeChips(_ scopes: [String]) -> HTML {
        if scopes.isEmpty {
            p(.class("muted")) { "No scopes: it says who you are and permits nothing more." }
        } else {
            ul(.class("scopes"), Attribute("aria-label", "Scopes")) {
                for scope in scopes {
                    li { code { scope } }
                }
            }
        }
    }

    /// An end in words: "in 29 days", "never".
    @HTMLBuilder func time(orNever instant: NumericDate?) -> HTML {
        if let instant { time(instant) } else { "never" }
    }

    /// The last use of a token in words: "2 hours ago, from 203.0.113.7", "Never used".
    @HTMLBuilder func lastUse(of token: TokenSummary) -> HTML {
        if let lastUsed = token.lastUsed {
            time(lastUsed)
            if let address = token.lastUsedFrom {
                ", from "
                code { address }
            }
        } else {
            "Never used"
        }
    }

    /// A token in a line: its name, its ends, and when and from where it was last used.
    func line(of token: TokenSummary) -> HTML {
        span {
            bdi { token.name }
            " "
            tokenHint(token)
            span(.class("help")) {
                if token.lastUsed == nil {
                    "never used"
                } else {
                    "last used "
                    lastUse(of: token)
                }
            }
        }
    }
}

/// A name that leads to a token's page.
// A type of its own, because the optimizer of Swift 6.3 fails on the nested closures within some pages.
private struct TokenLink: Markup {
    let path: String
    let name: String

    var html: HTML {
        let text = bdi { name }
        return a(.href(path)) { text }
    }
}
