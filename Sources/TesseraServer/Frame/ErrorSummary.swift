import TesseraHTML

/// The problems of a form, at its top: the summary takes the focus, is read out, and links to the fields.
struct ErrorSummary: Markup {
    var heading: String
    var errors: [FieldError] = []

    var html: HTML {
        div(
            .class("error-summary"), .id("error-summary"), .role("alert"), Attribute("tabindex", "-1"),
            .autofocus
        ) {
            Icon.warning
            div {
                h2 { heading }
                if !errors.isEmpty {
                    ul {
                        for error in errors {
                            li { a(.href("#\(error.fieldID)")) { error.message } }
                        }
                    }
                }
            }
        }
    }
}

/// One thing wrong with one field.
struct FieldError: Sendable, Hashable {
    /// The `id` of the field, to link to.
    var fieldID: String
    /// A whole sentence that says what to do.
    var message: String
}
