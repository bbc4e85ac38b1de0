import TesseraHTML
import TesseraTime

/// `/login/confirm`: the password once more, before something sensitive.
struct ConfirmPage: Page {
    var context: PageContext
    /// The last time that the person gave the password.
    var authenticated: NumericDate
    /// The address that follows, sent back in the field `next`; the handler that redirects checks it.
    var next: String
    /// The problem of the password that was sent.
    var error: String?

    var title: String { error == nil ? "Confirm it is you" : "Error: Confirm it is you" }

    var content: HTML {
        div(.class("sign-in")) {
            h1 { "Confirm it is you" }
            p(.class("muted")) {
                "You last gave your password "
                time(authenticated)
                ". What comes next is sensitive, so it is asked for once more; then you go on where you were."
            }
            form(.class("card stack"), .action("/login/confirm"), .post, .noValidate) {
                csrfField
                input(.type("hidden"), .name("next"), .value(next))
                // Password managers want to know whose password it is.
                input(
                    .type("hidden"), .name("username"), .value(context.person?.email ?? ""),
                    .autocomplete("username"))
                div(.class("field")) {
                    label(.for("password")) { "Password" }
                    if let error {
                        div(.class("field-errors"), .id("password-error"), .role("alert")) {
                            p {
                                Icon.warning
                                span { error }
                            }
                        }
                    }
                    input(
                        .id("password"), .name("password"), .type("password"),
                        .autocomplete("current-password"), .required, .autofocus,
                        .describedBy(error == nil ? [] : ["password-error"]),
                        .when(error != nil, Attribute("aria-invalid", "true")))
                }
                buttons("Confirm", cancel: "/")
            }
        }
    }
}
