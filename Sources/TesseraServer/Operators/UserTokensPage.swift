import TesseraHTML

/// `/admin/users/ID/tokens`: the tokens of one account that can be used, as an operator sees them.
struct UserTokensPage: Page {
    var context: PageContext
    var user: UserSummary
    /// The number of tokens, on all pages.
    var count: Int
    /// One page of them, the newest first.
    var tokens: [TokenSummary]
    var paging = Paging()

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
        links(paging, of: "tokens", first: "First page", next: "Next")
    }
}
