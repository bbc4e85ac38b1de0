import TesseraHTML

/// `/admin/users/ID/ACTION`: the effects of an action on an account, and the button that performs it.
struct UserActionPage: Page {
    var context: PageContext
    var action: UserAction
    var user: UserSummary
    /// The browsers in which they are signed in.
    var sessions: [SessionSummary]
    /// Those of their tokens that can be used now.
    var tokens: [TokenSummary]

    /// The number of each that are named; more are counted.
    private static let named = 20

    var title: String { action.name }
    var place: SettingsPlace? { .users }

    var content: HTML {
        h1 { "\(action.name)?" }
        p(.class("lead")) { consequence }
        section(
            .class(action == .enable ? "card stack" : "card danger-zone stack"),
            Attribute("aria-labelledby", "whose")
        ) {
            h2(.id("whose")) { bdi { user.email } }
            if endsSessions, !sessions.isEmpty {
                div(.class("preview")) {
                    p { sessions.count == 1 ? "1 session ends:" : "\(sessions.count) sessions end:" }
                    ul(.class("lines")) {
                        items(sessions, upTo: Self.named) { line(of: $0) }
                    }
                }
            }
            if action != .endSessions {
                div(.class("preview")) {
                    p { countOfTokens }
                    ul(.class("lines")) {
                        items(tokens, upTo: Self.named) { line(of: $0) }
                    }
                }
            }
            form(.class("actions"), .action("\(user.path)/\(action.rawValue)"), .post) {
                csrfField
                button(.class(action == .enable ? "primary" : "danger"), .type("submit")) { action.name }
                a(.class("button quiet"), .href(user.path)) { "Cancel" }
            }
        }
    }

    private var endsSessions: Bool { action == .disable || action == .endSessions }

    private var consequence: String {
        switch action {
        case .disable:
            "They are signed out everywhere, cannot sign in, and their tokens are refused from the next request on. "
                + "Nothing is lost: when the account is enabled again, tokens that have not ended work again."
        case .enable: "They can sign in again, and their tokens that have not ended work again at once."
        case .endSessions:
            "They are signed out of every browser and have to sign in again. Their tokens go on working."
        case .revokeTokens:
            "Programs that use these tokens are refused from their next request on. This cannot be undone: they would have to "
                + "make new tokens and put them in place of these."
        }
    }

    private var countOfTokens: String {
        let verb =
            switch (action, tokens.count) {
            case (.enable, 1): "works again"
            case (.enable, _): "work again"
            case (.disable, 1): "stops until the account is enabled"
            case (.disable, _): "stop until the account is enabled"
            case (_, 1): "stops for ever"
            default: "stop for ever"
            }
        return switch tokens.count {
        case 0: "They have no token that could be used."
        case 1: "1 token \(verb):"
        default: "\(tokens.count) tokens \(verb):"
        }
    }

    private func line(of token: TokenSummary) -> HTML {
        span {
            bdi { token.name }
            " "
            tokenHint(token)
            span(.class("help")) {
                if let lastUsed = token.lastUsed {
                    "last used "
                    time(lastUsed)
                } else {
                    "never used"
                }
            }
        }
    }
}
