import TesseraHTML

/// `/admin/users/ID/tokens`: the tokens of one account that can be used, as an operator sees them.
struct UserTokensPage: Page {
    var context: PageContext
    var user: UserSummary
    /// How many there are, on all pages.
    var count: Int
    /// One page of them, the newest first.
    var tokens: [TokenSummary]
    var isFirstPage = true
    /// The address of the page after; nil on the last.
    var nextPage: String?

    var title: String { "Access tokens of \(user.email)" }
    var place: SettingsPlace? { .users }

    var content: HTML {
        p(.class("kicker")) {
            a(.href(user.path)) { bdi { user.email } }
        }
        h1 { "Access tokens" }
        p(.class("lead")) {
            count == 1 ? "1 token of this account" : "\(count) tokens of this account"
            user.disabled == nil ? " can be used." : " could be used if the account were enabled."
        }
        if !tokens.isEmpty {
            ul(.class("card lines")) {
                for token in tokens { li(.id("token-\(token.id)")) { line(of: token) } }
            }
        }
        if !isFirstPage || nextPage != nil {
            nav(.class("paging"), Attribute("aria-label", "Pages of tokens")) {
                if !isFirstPage { a(.class("button"), .href("\(user.path)/tokens")) { "First page" } }
                if let nextPage { a(.class("button"), .rel("next"), .href(nextPage)) { "Next" } }
            }
        }
    }
}
