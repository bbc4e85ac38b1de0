import TesseraJOSE

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
    var created: NumericDate
    /// Nil if it was never used.
    var lastUsed: NumericDate?
    /// Nil if it does not expire.
    var expires: NumericDate?
    /// Nil if it was not revoked.
    var revoked: NumericDate?

    /// What the token is good for now; decided by whoever knows the rules.
    enum State: Sendable, Hashable {
        case active
        case expiresSoon
        case disabled
        case expired
        case revoked

        /// Whether there is anything left to revoke.
        var isUsable: Bool { self == .active || self == .expiresSoon || self == .disabled }
    }
}

// MARK: - How a token looks

extension Page {
    /// The token by its ends: `tcp_…a1B2`.
    func tokenHint(_ token: TokenSummary) -> HTML {
        code(.class("hint")) { "\(token.prefix)…\(token.lastFour)" }
    }

    /// The state in a word and a drawing, so that it does not hang on its colour.
    func stateChip(_ state: TokenSummary.State) -> HTML {
        switch state {
        case .active: chip("active", Icon.done, "Active")
        case .expiresSoon: chip("soon", Icon.clock, "Expires soon")
        case .disabled: chip("ended", Icon.pause, "Disabled")
        case .expired: chip("ended", Icon.ended, "Expired")
        case .revoked: chip("revoked", Icon.revoked, "Revoked")
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

    /// When something ends: "in 29 days", "never".
    @HTMLBuilder func time(orNever instant: NumericDate?) -> HTML {
        if let instant { time(instant) } else { "never" }
    }
}
