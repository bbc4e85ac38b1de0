import TesseraHTML
import TesseraTime

/// `/settings/security`: what guards the account, at a glance.
struct SecurityPage: Page {
    var context: PageContext
    /// The last change of the password.
    var passwordChanged: NumericDate
    /// The number of browsers that are signed in, this one included.
    var sessions: Int
    /// The number of tokens that can be used now.
    var tokens: Int
    /// The last few things that happened.
    var recent: [ActivityEntry]

    var title: String { "Security" }
    var place: SettingsPlace? { .security }

    var content: HTML {
        h1 { "Security" }
        p(.class("lead")) { "What opens your account, and what was done with it lately." }
        dl(.class("card sheet")) {
            dt { "Password" }
            dd {
                "Set "
                time(passwordChanged)
                ". "
                a(.href("/settings/password")) { "Change it" }
            }
            dt { "Sessions" }
            dd {
                sessions == 1
                    ? "Signed in with this browser alone. " : "Signed in with \(sessions) browsers. "
                a(.href("/settings/sessions")) { "See them" }
            }
            dt { "Access tokens" }
            dd {
                tokens == 1 ? "1 can be used. " : "\(tokens) can be used. "
                a(.href(TokenSelection.active.path)) { "See them" }
            }
        }
        section(.class("stack"), Attribute("aria-labelledby", "recent")) {
            h2(.id("recent")) { "Lately" }
            activityList(recent)
            p { a(.class("button"), .href("/settings/activity")) { "All activity" } }
        }
    }
}
