import TesseraHTML
import TesseraText
import TesseraTime

/// `/settings/tokens/new`: the form that makes a token.
struct NewTokenPage: Page {
    var context: PageContext
    /// The scopes to choose from, in the order of the catalogue.
    var scopes: [OfferedScope]
    /// The lifetimes that may be chosen, the shortest first.
    var lifetimes = Lifetime.offered(upTo: nil)
    /// The latest instant at which the token may end; nil if it need not.
    var latestExpiry: NumericDate?
    var form = Form()
    /// By which the form is taken once.
    var number = ""
    /// The effect of the link that filled in the form; nil without one.
    var link: Link?
    /// The problems of the form that was sent; empty at first.
    var problems: [Problem] = []
    /// The reason why no token can be made at present; nil if one can.
    var obstacle: String?

    /// A scope the person has a right to, so that it may be offered.
    struct OfferedScope: Sendable {
        /// As in `treasure:create`.
        var name: String
        /// As in "Create treasures".
        var description: String
    }

    /// The fields, exactly as typed.
    struct Form: Sendable {
        var name = ""
        /// The value of one of the offered lifetimes.
        var expires = "30d"
        /// `YYYY-MM-DD`, or empty; takes the place of ``expires``.
        var expiresOn = ""
        /// The names of the scopes that are ticked.
        var scopes: [String] = []
    }

    /// A link that has filled in the form, and what it asked for in vain. A form that was sent with an old log-in comes back as one.
    struct Link: Sendable {
        /// Scopes that do not exist or are not the person's to give.
        var scopesLeftOut: [String] = []
        var isExpirationLeftOut = false
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

    var title: String { errors.isEmpty ? "New token" : "Error: New token" }
    var place: SettingsPlace? { .tokens }

    var content: HTML {
        h1 { "New token" }
        if let obstacle {
            ErrorSummary(heading: obstacle).html
        } else if !errors.isEmpty {
            ErrorSummary(
                heading: errors.count == 1 ? "One thing to put right" : "\(errors.count) things to put right",
                errors: errors
            ).html
        }
        if let link { note(about: link) }
        form(.class("card stack"), .action("/settings/tokens/new"), .post, .noValidate) {
            csrfField
            numberField(number)
            TokenNameField(text: form.name, errors: errors).html
            ExpirationFields(
                name: "Expiration", offered: lifetimes, chosen: form.expires, date: form.expiresOn,
                now: context.now, latest: latestExpiry, errors: errors
            ).html
            scopeFields
            buttons("Create token", cancel: "/settings/tokens")
        }
    }

    private var errors: [FieldError] {
        problems.map { FieldError(fieldID: $0.field.rawValue, message: $0.message) }
    }

    private var scopeFields: HTML {
        fieldset(
            .id("scopes"), Attribute("tabindex", "-1"), errors.describing("scopes", help: "scopes-help")
        ) {
            legend { "Scopes" }
            p(.class("help"), .id("scopes-help")) {
                scopes.isEmpty
                    ? "There is nothing to permit yet: the token will say who you are and no more."
                    : "What the token may do. Tick only what its program needs."
            }
            messages(errors, for: "scopes")
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

// MARK: - Links that fill in the form

extension NewTokenPage {
    /// The number of scopes left out that are named; more are counted.
    private static let mostNames = 5

    /// A link may come from any person, so its wishes are shown as wishes.
    private func note(about link: Link) -> HTML {
        div(.class("warn"), .id("link-note")) {
            Icon.warning
            div {
                p {
                    strong { "This form came filled in." }
                    " Look at what it asks for before you create the token."
                }
                if !link.scopesLeftOut.isEmpty {
                    p {
                        "Left out, because they do not exist or are not yours to give: "
                        leftOut(link.scopesLeftOut)
                    }
                }
                if link.isExpirationLeftOut {
                    p { "Its expiration is left out, because it cannot be chosen here." }
                }
            }
        }
    }

    @HTMLBuilder private func leftOut(_ names: [String]) -> HTML {
        for (index, name) in names.prefix(Self.mostNames).enumerated() {
            if index > 0 { ", " }
            code { TextLimit.typedName.cut(name) }
        }
        names.count > Self.mostNames ? " and \(names.count - Self.mostNames) more." : "."
    }
}
