import TesseraHTML

/// The field for the name of a token.
struct TokenNameField: Markup {
    /// As it was typed.
    var text: String
    /// Those of the field `name` are told here.
    var errors: [FieldError]

    var html: HTML {
        div(.class("field")) {
            label(.for("name")) { "Token name" }
            p(.class("help"), .id("name-help")) {
                "What will use it, such as “Backup script on the office server”."
            }
            messages(errors, for: "name")
            input(
                .id("name"), .name("name"), .type("text"), .value(text), .autocomplete("off"), .required,
                errors.describing("name", help: "name-help"), errors.marking("name"))
        }
    }
}
