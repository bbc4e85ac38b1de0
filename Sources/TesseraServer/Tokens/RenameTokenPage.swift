import TesseraHTML

/// `/settings/tokens/ID/rename`: another name for a token.
struct RenameTokenPage: Page {
    var context: PageContext
    var token: TokenSummary
    /// The field as typed; nil for the name that the token has.
    var typed: String?
    /// The problems of the form that was sent; empty at first.
    var errors: [FieldError] = []

    var title: String { errors.isEmpty ? "Rename token" : "Error: Rename token" }
    var place: SettingsPlace? { .tokens }

    var content: HTML {
        h1 {
            "Rename “"
            bdi { token.name }
            "”"
        }
        p(.class("lead")) { "Its string stays as it is, and programs that use it are not affected." }
        if !errors.isEmpty { ErrorSummary(heading: "It has its old name still", errors: errors).html }
        form(.class("card stack"), .action("\(token.path)/rename"), .post, .noValidate) {
            csrfField
            TokenNameField(text: typed ?? token.name, errors: errors).html
            buttons("Rename token", cancel: token.path)
        }
    }
}
