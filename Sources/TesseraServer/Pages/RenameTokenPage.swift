import TesseraHTML

/// `/settings/tokens/ID/rename`: another name for a token.
struct RenameTokenPage: Page {
    var context: PageContext
    var token: TokenSummary
    /// What stands in the field, as it was typed; nil for the name that the token has.
    var typed: String?
    /// What was wrong with the form as it was sent; empty the first time.
    var errors: [FieldError] = []

    var title: String { errors.isEmpty ? "Rename token" : "Error: Rename token" }
    var place: SettingsPlace? { .tokens }

    var content: HTML {
        h1 {
            "Rename “"
            bdi { token.name }
            "”"
        }
        p(.class("lead")) { "Its string stays as it is, and so does whatever uses it." }
        if !errors.isEmpty { ErrorSummary(heading: "It has its old name still", errors: errors).html }
        form(.class("card stack"), .action("\(token.path)/rename"), .post, .noValidate) {
            csrfField
            TokenNameField(text: typed ?? token.name, errors: errors).html
            div(.class("actions")) {
                button(.class("primary"), .type("submit")) { "Rename token" }
                a(.class("button quiet"), .href(token.path)) { "Cancel" }
            }
        }
    }
}
