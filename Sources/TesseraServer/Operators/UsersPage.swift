import TesseraHTML

/// `/admin/users`: all accounts, the oldest first.
struct UsersPage: Page {
    var context: PageContext
    /// The text to search for; empty for all users.
    var search: String
    /// One page of them.
    var users: [UserSummary]
    var paging = Paging()

    var title: String { "Users" }
    var place: SettingsPlace? { .users }

    var content: HTML {
        h1 { "Users" }
        p(.class("lead")) {
            "All accounts. Open one to see its sessions and tokens, and to end them."
        }
        // A search changes nothing, so it has an address that can be kept, and no form token.
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
        links(paging, of: "users", first: "First page", next: "Next page")
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
