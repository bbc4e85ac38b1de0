import TesseraHTML

/// `/admin/users`: everybody who has an account, in the order in which they came.
struct UsersPage: Page {
    var context: PageContext
    /// What was looked for; empty for everybody.
    var search: String
    /// One page of them.
    var users: [UserSummary]
    /// The address of the first page; nil on it.
    var firstPage: String?
    /// The address of the page after; nil on the last.
    var nextPage: String?

    var title: String { "Users" }
    var place: SettingsPlace? { .users }

    var content: HTML {
        h1 { "Users" }
        p(.class("lead")) {
            "Everybody who has an account here. Open one to see what it does, and to end that."
        }
        // Looking for somebody changes nothing: an address that can be kept, without the form token.
        form(.class("search"), .role("search"), .action("/admin/users")) {
            div(.class("field")) {
                label(.for("q")) { "Email or username" }
                input(
                    .id("q"), .name("q"), .type("search"), .value(search), .autocomplete("off"),
                    Attribute("autocapitalize", "none"), Attribute("spellcheck", "false"))
            }
            button(.type("submit")) { "Search" }
        }
        if users.isEmpty {
            div(.class("card empty")) {
                h2 { "Nobody found" }
                p {
                    "No email and no username contains “"
                    bdi { search }
                    "”."
                }
                a(.class("button"), .href("/admin/users")) { "All users" }
            }
        } else {
            ul(.class("tokens card")) {
                for user in users { row(user) }
            }
        }
        if firstPage != nil || nextPage != nil {
            nav(.class("paging"), Attribute("aria-label", "Pages of users")) {
                if let firstPage { a(.class("button"), .href(firstPage)) { "First page" } }
                if let nextPage { a(.class("button"), .rel("next"), .href(nextPage)) { "Next page" } }
            }
        }
    }

    private func row(_ user: UserSummary) -> HTML {
        li(.class(user.disabled == nil ? "token" : "token spent")) {
            div(.class("token-head")) {
                h2 { a(.href(user.path)) { bdi { user.email } } }
                chips(of: user)
            }
            dl(.class("facts")) {
                div {
                    dt { "Username" }
                    dd { bdi { user.username } }
                }
                div {
                    dt { "Since" }
                    dd { time(user.created) }
                }
            }
        }
    }
}
