import TesseraJOSE

/// `/settings/tokens/new`: the form that makes a token.
struct NewTokenPage: Page {
    var context: PageContext
    /// What the person may choose from, in the order of the catalogue.
    var scopes: [OfferedScope]
    var form = Form()
    /// What was wrong with the form as it was sent; empty the first time.
    var problems: [Problem] = []

    /// A scope the person has a right to, so that it may be offered.
    struct OfferedScope: Sendable {
        /// As in `treasure:create`.
        var name: String
        /// As in "Create treasures".
        var description: String
    }

    /// What stands in the fields, exactly as it was typed.
    struct Form: Sendable {
        var name = ""
        /// One of the values of ``NewTokenPage/lifetimes``.
        var expires = "30d"
        /// `YYYY-MM-DD`, or empty; takes the place of ``expires``.
        var expiresOn = ""
        /// The names of the scopes that are ticked.
        var scopes: [String] = []
    }

    /// The fields that something can be wrong with; the raw value is the name in the form.
    enum Field: String, Sendable {
        case name
        case expires
        case expiresOn = "expires_on"
        case scopes
    }

    /// Something wrong with a field, as a whole sentence that says what to do.
    struct Problem: Sendable {
        var field: Field
        var message: String
    }

    /// What the field `expires` may say, and how the form calls it.
    static let lifetimes: [(value: String, name: String)] = [
        ("7d", "7 days"), ("30d", "30 days"), ("90d", "90 days"), ("365d", "1 year"),
        ("never", "No expiration"),
    ]

    var title: String { problems.isEmpty ? "New token" : "Error: New token" }
    var place: SettingsPlace? { .tokens }

    var content: HTML {
        h1 { "New token" }
        if !problems.isEmpty {
            ErrorSummary(
                heading: problems.count == 1
                    ? "One thing to put right" : "\(problems.count) things to put right",
                errors: problems.map { FieldError(fieldID: fieldID($0.field), message: $0.message) }
            ).html
        }
        form(.class("card stack"), .action("/settings/tokens/new"), .post, .noValidate) {
            csrfField
            nameField
            expirationFields
            scopeFields
            div(.class("actions")) {
                button(.class("primary"), .type("submit")) { "Create token" }
                a(.class("button quiet"), .href("/settings/tokens")) { "Cancel" }
            }
        }
    }

    private var nameField: HTML {
        div(.class("field")) {
            label(.for("name")) { "Token name" }
            p(.class("help"), .id("name-help")) {
                "What will use it, such as “Backup script on the office server”."
            }
            messages(for: .name)
            input(
                .id("name"), .name("name"), .type("text"), .value(form.name), .autocomplete("off"), .required,
                described(.name, help: "name-help"), invalid(.name))
        }
    }

    private var expirationFields: HTML {
        div(.class("pair")) {
            div(.class("field")) {
                label(.for("expires")) { "Expiration" }
                messages(for: .expires)
                select(.id("expires"), .name("expires"), described(.expires), invalid(.expires)) {
                    for lifetime in Self.lifetimes {
                        option(.value(lifetime.value), .selected(lifetime.value == form.expires)) {
                            lifetime.name
                        }
                    }
                }
            }
            div(.class("field")) {
                label(.for("expires_on")) { "Or until a date" }
                messages(for: .expiresOn)
                input(
                    .id("expires_on"), .name("expires_on"), .type("date"), .value(form.expiresOn),
                    .min(String(context.now.rfc3339.prefix(10))),
                    described(.expiresOn, help: "expires-on-help"),
                    invalid(.expiresOn))
            }
            p(.class("help"), .id("expires-on-help")) { "If you set a date, it is used instead." }
        }
    }

    private var scopeFields: HTML {
        fieldset(.id("scopes"), Attribute("tabindex", "-1"), described(.scopes, help: "scopes-help")) {
            legend { "Scopes" }
            p(.class("help"), .id("scopes-help")) {
                scopes.isEmpty
                    ? "There is nothing to permit yet: the token will say who you are and no more."
                    : "What the token may do. Tick only what its program needs."
            }
            messages(for: .scopes)
            if !scopes.isEmpty {
                div(.class("checks")) {
                    for scope in scopes { choice(of: scope) }
                }
            }
        }
    }

    private func choice(of scope: OfferedScope) -> HTML {
        label(.class("check")) {
            input(
                .name("scopes"), .type("checkbox"), .value(scope.name),
                .checked(form.scopes.contains(scope.name)))
            span {
                code { scope.name }
                " "
                span(.class("help")) { scope.description }
            }
        }
    }
}

// MARK: - Errors beside their fields

extension NewTokenPage {
    private func fieldID(_ field: Field) -> String { field.rawValue }

    private func has(_ field: Field) -> Bool { problems.contains { $0.field == field } }

    private func messages(for field: Field) -> HTML {
        guard has(field) else { return HTML() }
        return div(.class("field-errors"), .id("\(fieldID(field))-error")) {
            for problem in problems where problem.field == field {
                p {
                    Icon.warning
                    span { problem.message }
                }
            }
        }
    }

    private func described(_ field: Field, help: String? = nil) -> Attribute {
        .describedBy((has(field) ? ["\(fieldID(field))-error"] : []) + (help.map { [$0] } ?? []))
    }

    private func invalid(_ field: Field) -> Attribute {
        .when(has(field), Attribute("aria-invalid", "true"))
    }
}
