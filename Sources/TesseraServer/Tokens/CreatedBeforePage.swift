import TesseraHTML

/// The answer to a form that was sent a second time: what it made the first time, without the secret.
struct CreatedBeforePage: Page {
    var context: PageContext
    /// The token that was made; nil while that is not known, or when it has been deleted since.
    var token: TokenSummary?
    /// The form that makes another, filled in like this one.
    var another: String

    var title: String { token == nil ? "This form was sent already" : "This token was created already" }
    var place: SettingsPlace? { .tokens }

    var content: HTML {
        h1 { title }
        if let token {
            p(.class("lead")) { "The form was sent twice. It made one token, the first time." }
            section(.class("card stack"), .id("created-before")) {
                p {
                    tokenLink(token)
                    " "
                    tokenHint(token)
                }
                p {
                    "A token is shown only once, in the answer to the first form. If you have not copied it, create another "
                    "one and revoke this one."
                }
            }
        } else {
            p(.class("lead")) {
                "Its token is being made, or may have been made. Look at your tokens before you send another form."
            }
        }
        p(.class("actions")) {
            a(.class("button"), .href(another)) { "Create another token" }
            a(.class("button quiet"), .href("/settings/tokens")) { "Back to your tokens" }
        }
    }
}
