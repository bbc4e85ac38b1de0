import TesseraHTML
import TesseraHTTP

/// The answer to a second form of `/register`, when the first has opened the account.
struct RegisteredBeforePage: Page {
    var context: PageContext
    /// The address that follows; the handler that redirects checks it.
    var next: String

    var title: String { "Your account was created already" }

    var content: HTML {
        div(.class("sign-in")) {
            h1 { title }
            p(.class("lead")) { "The form was sent twice. It made one account, the first time." }
            p {
                a(.class("button"), .href("/login?next=" + PercentEncoding.queryValue(next))) { "Sign in" }
            }
        }
    }
}
