import TesseraHTML

/// `/settings/sessions`: where the person is signed in.
struct SessionsPage: Page {
    var context: PageContext
    /// In the order in which they are shown.
    var sessions: [SessionSummary]

    var title: String { "Sessions" }
    var place: SettingsPlace? { .sessions }

    var content: HTML {
        div(.class("heading")) {
            div {
                h1 { "Sessions" }
                p(.class("lead")) {
                    "The browsers in which you are signed in. End those that you do not know, and change your password then."
                }
            }
            if sessions.contains(where: { !$0.isThisBrowser }) {
                a(.class("button danger-quiet"), .href("/settings/sessions/others")) {
                    "Sign out everywhere else"
                }
            }
        }
        ul(.class("tokens card")) {
            for session in sessions { row(session) }
        }
    }

    private func row(_ session: SessionSummary) -> HTML {
        li(.class("token")) {
            div(.class("token-head")) {
                h2(.id("device-\(session.id)")) { bdi { session.device } }
                if session.isThisBrowser {
                    span(.class("chip chip-active")) {
                        Icon.done
                        "This browser"
                    }
                }
            }
            dl(.class("facts")) {
                div {
                    dt { "From" }
                    dd { code { session.address } }
                }
                div {
                    dt { "Signed in" }
                    dd { time(session.started) }
                }
                div {
                    dt { "Last seen" }
                    dd { time(session.lastSeen) }
                }
            }
            if !session.isThisBrowser {
                form(.class("revoke"), .action("/settings/sessions/\(session.id)/end"), .post) {
                    csrfField
                    button(
                        .class("danger-quiet"), .type("submit"), .describedBy(["device-\(session.id)"])
                    ) { "End session" }
                }
            }
        }
    }
}

/// `/settings/sessions/others`: which sessions would end, and the button that ends them.
struct EndSessionsPage: Page {
    var context: PageContext
    /// All but the one in which the page is looked at.
    var others: [SessionSummary]

    var title: String { "Sign out everywhere else" }
    var place: SettingsPlace? { .sessions }

    var content: HTML {
        h1 { "Sign out everywhere else?" }
        if others.isEmpty {
            p(.class("lead")) { "You are signed in nowhere else." }
            p { a(.class("button"), .href("/settings/sessions")) { "Back to your sessions" } }
        } else {
            p(.class("lead")) {
                "People who use these browsers have to sign in again. Your access tokens go on working."
            }
            section(.class("card danger-zone stack"), Attribute("aria-labelledby", "what-ends")) {
                h2(.id("what-ends")) { others.count == 1 ? "1 session ends" : "\(others.count) sessions end" }
                ul(.class("lines")) {
                    for session in others { li { line(of: session) } }
                }
                dangerForm(
                    "Sign out everywhere else", action: "/settings/sessions/others",
                    cancel: "/settings/sessions")
            }
        }
    }
}
