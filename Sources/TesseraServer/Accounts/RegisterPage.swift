import TesseraHTML
import TesseraHTTP

/// `/register`: the form that opens an account.
struct RegisterPage: Page {
    var context: PageContext
    /// The smallest number of characters of a password.
    var minimumLength: Int
    var form = Form()
    /// By which the form is taken once.
    var number = ""
    /// The address that follows, sent back in the field `next`; the handler that redirects checks it.
    var next: String
    /// The problems of the form that was sent; empty at first.
    var problems: [Problem] = []
    /// A problem that no field has caused.
    var obstacle: String?

    /// The fields, exactly as typed. The password is never sent back.
    struct Form: Sendable {
        var email = ""
        var username = ""
    }

    /// The fields that something can be wrong with; the raw value is the name in the form.
    enum Field: String, Sendable { case email, username, password }

    struct Problem: Sendable {
        var field: Field
        var message: String
    }

    private var isError: Bool { obstacle != nil || !problems.isEmpty }
    private var errors: [FieldError] {
        problems.map { FieldError(fieldID: $0.field.rawValue, message: $0.message) }
    }
    var title: String { isError ? "Error: Create an account" : "Create an account" }

    var content: HTML {
        div(.class("sign-in")) {
            h1 { "Create an account" }
            if isError {
                ErrorSummary(heading: obstacle ?? "Your account is not made yet", errors: errors).html
            }
            form(.class("card"), .action("/register"), .post, .noValidate) {
                csrfField
                numberField(number)
                input(.type("hidden"), .name("next"), .value(next))
                field(
                    .email, "Email", help: "You sign in with it. No mail is sent to it.",
                    .type("email"), .value(form.email), .autocomplete("username"),
                    Attribute("autocapitalize", "none"), Attribute("spellcheck", "false"),
                    .when(!isError, .autofocus))
                field(
                    .username, "Username", help: "How you are called on pages.",
                    .type("text"), .value(form.username), .autocomplete("nickname"),
                    Attribute("maxlength", "50"))
                field(
                    .password, "Password",
                    help:
                        "At least \(minimumLength) characters. A few words that do not belong together are good.",
                    .type("password"), .autocomplete("new-password"))
                button(.class("primary wide"), .type("submit")) { "Create account" }
            }
            p(.class("muted")) {
                "You have an account? "
                a(.href("/login?next=" + PercentEncoding.queryValue(next))) { "Sign in" }
                "."
            }
        }
    }

    private func field(_ field: Field, _ name: String, help: String, _ attributes: Attribute...) -> HTML {
        let id = field.rawValue
        return div(.class("field")) {
            label(.for(id)) { name }
            p(.class("help"), .id("\(id)-help")) { help }
            messages(errors, for: id)
            HTML(
                void: "input",
                [
                    .id(id), .name(id), .required,
                    errors.describing(id, help: "\(id)-help"), errors.marking(id),
                ] + attributes)
        }
    }
}
