import TesseraHTML
import TesseraTime

/// `/admin/users/ID`: one account, what it has, what happened to it, and what an operator can do about it.
struct UserPage: Page {
    var context: PageContext
    var user: UserSummary
    /// The browsers in which they are signed in, newest first.
    var sessions: [SessionSummary]
    /// The number of tokens that can be used now.
    var usableTokens: Int
    /// The number of tokens that a revocation would end, disabled ones included.
    var livingTokens = 0
    /// The last use of any of them; nil for never.
    var lastUsed: NumericDate?
    /// The last few things that happened.
    var recent: [ActivityEntry]

    var title: String { user.email }
    var place: SettingsPlace? { .users }

    var content: HTML {
        p(.class("kicker")) { a(.href("/admin/users")) { "Users" } }
        div(.class("token-head")) {
            h1 { bdi { user.email } }
            chips(of: user)
        }
        dl(.class("card sheet")) {
            dt { "Username" }
            dd { bdi { user.username } }
            dt { "Account" }
            dd {
                if let disabled = user.disabled {
                    "Disabled "
                    time(disabled)
                    ", made "
                } else {
                    "Active, made "
                }
                time(user.created)
            }
            dt { "Sessions" }
            dd { sessions.isEmpty ? "None" : "\(sessions.count)" }
            dt { "Access tokens" }
            dd {
                a(.href("\(user.path)/tokens")) {
                    user.disabled == nil
                        ? "\(usableTokens) can be used"
                        : "\(usableTokens) could be used if the account were enabled"
                }
                if let lastUsed {
                    ", the last use was "
                    time(lastUsed)
                }
            }
            dt { "Identifier" }
            dd { code { user.id } }
        }
        if user.isReader { ownAccount } else { actions }
        if !sessions.isEmpty {
            section(.class("stack"), Attribute("aria-labelledby", "sessions")) {
                h2(.id("sessions")) { "Signed in with" }
                ul(.class("card lines")) {
                    items(sessions, upTo: 10) { line(of: $0) }
                }
            }
        }
        section(.class("stack"), Attribute("aria-labelledby", "recent")) {
            h2(.id("recent")) { "Lately" }
            if recent.isEmpty { p(.class("card muted")) { "Nothing yet." } } else { activityList(recent) }
            p { a(.class("button"), .href("/admin/activity?user=\(user.id)")) { "All of their activity" } }
        }
    }

    private var ownAccount: HTML {
        p(.class("muted")) {
            "This is your own account. You end sessions and tokens "
            a(.href("/settings/security")) { "in your settings" }
            "; only another operator can disable it."
        }
    }

    private var actions: HTML {
        p(.class("actions")) {
            if user.disabled == nil {
                if livingTokens > 0 { link(to: .revokeTokens) }
                if !sessions.isEmpty { link(to: .endSessions) }
                link(to: .disable)
            } else {
                link(to: .enable)
                if livingTokens > 0 { link(to: .revokeTokens) }
            }
        }
    }

    private func link(to action: UserAction) -> HTML {
        a(
            .class(action == .enable ? "button" : "button danger-quiet"),
            .href("\(user.path)/\(action.rawValue)")
        ) { action.name }
    }
}

/// An action of an operator on an account. The raw value stands in paths.
enum UserAction: String, Sendable, CaseIterable {
    case disable
    case enable
    case endSessions = "end-sessions"
    case revokeTokens = "revoke-tokens"

    /// As the button says it.
    var name: String {
        switch self {
        case .disable: "Disable account"
        case .enable: "Enable account"
        case .endSessions: "End all sessions"
        case .revokeTokens: "Revoke all tokens"
        }
    }
}
