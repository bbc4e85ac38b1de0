import TesseraHTML
import TesseraTime

/// `/settings/tokens/ID/rotate`: what a rotation does, and for how long the old token goes on.
struct RotateTokenPage: Page {
    var context: PageContext
    var token: TokenSummary
    /// By which the form is taken once.
    var number = ""
    /// The expiry of the new token; nil for never.
    var newExpiry: NumericDate?
    /// The value of one of ``overlaps``.
    var chosen = "24h"
    /// The problem of the form that was sent; nil at first.
    var problem: String?

    /// The overlap in the field `overlap`, for which the old token goes on.
    static let overlaps: [(value: String, name: String, help: String)] = [
        (
            "0", "Not at all",
            "Choose this if another person may have it. Programs that use it are refused at once."
        ),
        ("1h", "1 hour", "Enough when you can change its program now."),
        ("24h", "24 hours", "Enough for most."),
        ("7d", "7 days", "For programs that are hard to reach."),
    ]

    var title: String { problem == nil ? "Rotate token" : "Error: Rotate token" }
    var place: SettingsPlace? { .tokens }

    var content: HTML {
        h1 {
            "Rotate “"
            bdi { token.name }
            "”"
        }
        p(.class("lead")) {
            "A new token takes its place, with another string and the same name, scopes and metadata. Give it to the "
            "program while the old one still works."
        }
        if !errors.isEmpty { ErrorSummary(heading: "Nothing is rotated", errors: errors).html }
        form(.class("card stack"), .action("\(token.path)/rotate"), .post, .noValidate) {
            csrfField
            numberField(number)
            dl(.class("sheet")) {
                dt { "Old token" }
                dd { tokenHint(token) }
                dt { "Last used" }
                dd { lastUse(of: token) }
                dt { "Expires" }
                dd { time(orNever: token.expires) }
                dt { "New one expires" }
                dd { time(orNever: newExpiry) }
            }
            fieldset(.id("overlap"), Attribute("tabindex", "-1"), errors.describing("overlap")) {
                legend { "How long the old token goes on" }
                messages(errors, for: "overlap")
                div(.class("checks")) {
                    for overlap in Self.overlaps {
                        radio(
                            "overlap", overlap.value, overlap.name, overlap.help,
                            isChosen: overlap.value == chosen)
                    }
                }
            }
            buttons("Rotate token", cancel: token.path)
        }
    }

    private var errors: [FieldError] {
        problem.map { [FieldError(fieldID: "overlap", message: $0)] } ?? []
    }
}
