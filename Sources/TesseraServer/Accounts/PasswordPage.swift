import TesseraHTML

/// `/settings/password`: a new password, and what becomes of tokens and sessions.
struct PasswordPage: Page {
    var context: PageContext
    /// The smallest number of characters of a password.
    var minimumLength: Int
    /// The operator's rule for tokens.
    var rule: AuthorityConfiguration.PasswordChangeTokens
    /// The tokens that have not ended, disabled ones too: what would stop for good if they were revoked.
    var tokens: [TokenSummary]
    /// Sessions of other browsers: what would end.
    var others: [SessionSummary]
    var choice = Choice()
    /// The problems of the form that was sent; empty at first.
    var problems: [Problem] = []

    /// The number of tokens that are listed; more are counted.
    private static let mostLines = 100

    /// The choices of the form. The passwords are never sent back.
    struct Choice: Sendable {
        var revokesTokens = false
        var endsSessions = true
    }

    enum Field: String, Sendable {
        case current = "current_password"
        case new = "new_password"
    }

    struct Problem: Sendable {
        var field: Field
        var message: String
    }

    var title: String { problems.isEmpty ? "Password" : "Error: Password" }
    var place: SettingsPlace? { .password }
    private var errors: [FieldError] {
        problems.map { FieldError(fieldID: $0.field.rawValue, message: $0.message) }
    }

    var content: HTML {
        h1 { "Password" }
        p(.class("lead")) {
            "Choose a new password, and what else should stop. Nothing changes until you press the button."
        }
        if !problems.isEmpty {
            ErrorSummary(heading: "Your password is not changed", errors: errors).html
        }
        form(.class("card stack"), .action("/settings/password"), .post, .noValidate) {
            csrfField
            // Password managers want to know whose password it is.
            input(
                .type("hidden"), .name("username"), .value(context.person?.email ?? ""),
                .autocomplete("username"))
            passwordField(.current, "Current password", autocomplete: "current-password", help: nil)
            passwordField(
                .new, "New password", autocomplete: "new-password",
                help:
                    "At least \(minimumLength) characters. A few words that do not belong together are good.")
            tokenFields
            sessionFields
            buttons("Change password", cancel: "/settings/security")
        }
    }

    private func passwordField(
        _ field: Field, _ name: String, autocomplete: String, help: String?
    ) -> HTML {
        let id = field.rawValue
        return div(.class("field")) {
            label(.for(id)) { name }
            if let help { p(.class("help"), .id("\(id)-help")) { help } }
            messages(errors, for: id)
            input(
                .id(id), .name(id), .type("password"), .autocomplete(autocomplete), .required,
                errors.describing(id, help: help.map { _ in "\(id)-help" }), errors.marking(id))
        }
    }

    private var tokenFields: HTML {
        fieldset {
            legend { "Access tokens" }
            switch rule {
            case .ask:
                div(.class("checks")) {
                    radio(
                        "tokens", "keep", "Keep them", "Programs go on working.",
                        isChosen: !choice.revokesTokens)
                    radio(
                        "tokens", "revoke", "Revoke all of them",
                        "Choose this if another person may know your password.",
                        isChosen: choice.revokesTokens)
                }
            case .keep: p(.class("help")) { "They go on working: the operator has decided so." }
            case .revoke: p(.class("help")) { "All of them are revoked: the operator has decided so." }
            }
            if rule != .keep { tokenPreview }
        }
    }

    private var tokenPreview: HTML {
        div(.class("preview")) {
            if tokens.isEmpty {
                p(.class("muted")) { "You have no token that could stop." }
            } else {
                p {
                    tokens.count == 1
                        ? "1 token \(wouldStop):" : "\(tokens.count) tokens \(wouldStop):"
                }
                ul(.class("lines"), .id("tokens-that-would-stop")) {
                    items(tokens, upTo: Self.mostLines) { line(of: $0) }
                }
            }
        }
    }

    private var wouldStop: String { rule == .revoke ? "will stop" : "would stop if revoked" }

    private var sessionFields: HTML {
        fieldset {
            legend { "Sessions" }
            if others.isEmpty {
                input(.type("hidden"), .name("end_sessions"), .value("yes"))
                p(.class("help")) { "You are signed in nowhere else." }
            } else {
                div(.class("checks")) {
                    label(.class("check")) {
                        input(
                            .name("end_sessions"), .type("checkbox"), .value("yes"),
                            .checked(choice.endsSessions))
                        span {
                            "Sign out everywhere else"
                            " "
                            span(.class("help")) { "These browsers have to sign in again:" }
                        }
                    }
                }
                ul(.class("lines preview"), .id("sessions-that-would-end")) {
                    for session in others { li { line(of: session) } }
                }
            }
        }
    }
}
