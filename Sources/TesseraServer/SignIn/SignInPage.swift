import TesseraHTML

/// `/login`: email and password.
struct SignInPage: Page {
    var context: PageContext
    /// The email as it was typed, kept after a failure.
    var email = ""
    /// The address that follows, sent back in the field `next`; the handler that redirects checks it.
    var next: String
    /// The page on which people open an account; nil where they cannot.
    var registration: String?
    /// One sentence for any failure, so that it does not tell which emails exist.
    var error: String?

    var title: String { error == nil ? "Sign in" : "Error: Sign in" }

    var content: HTML {
        div(.class("sign-in")) {
            h1 { "Sign in" }
            if let error { ErrorSummary(heading: error).html }
            form(.class("card"), .action("/login"), .post, .noValidate) {
                csrfField
                input(.type("hidden"), .name("next"), .value(next))
                div(.class("field")) {
                    label(.for("email")) { "Email" }
                    input(
                        .id("email"), .name("email"), .type("email"), .value(email),
                        .autocomplete("username"),
                        Attribute("autocapitalize", "none"), Attribute("spellcheck", "false"), .required,
                        .when(error == nil, .autofocus), invalid)
                }
                div(.class("field")) {
                    label(.for("password")) { "Password" }
                    input(
                        .id("password"), .name("password"), .type("password"),
                        .autocomplete("current-password"), .required, invalid)
                }
                button(.class("primary wide"), .type("submit")) { "Sign in" }
            }
            if let registration {
                p(.class("muted")) {
                    "You have no account yet? "
                    a(.href(registration)) { "Create an account" }
                    "."
                }
            }
        }
    }

    private var invalid: Attribute { .when(error != nil, Attribute("aria-invalid", "true")) }
}
