import TesseraHTML

extension Markup {
    /// The problems of a field, beside it; empty when there are none.
    @HTMLBuilder func messages(_ errors: [FieldError], for id: String) -> HTML {
        if errors.concern(id) {
            div(.class("field-errors"), .id("\(id)-error")) {
                for error in errors where error.fieldID == id {
                    p {
                        Icon.warning
                        span { error.message }
                    }
                }
            }
        }
    }

    /// A choice of several that exclude each other, with what it means.
    func radio(_ name: String, _ value: String, _ title: String, _ help: String, isChosen: Bool) -> HTML {
        label(.class("check")) {
            input(.name(name), .type("radio"), .value(value), .checked(isChosen))
            span {
                title
                " "
                span(.class("help")) { help }
            }
        }
    }
}

extension [FieldError] {
    func concern(_ id: String) -> Bool { contains { $0.fieldID == id } }

    /// The messages of a field and its help, for a screen reader.
    func describing(_ id: String, help: String? = nil) -> Attribute {
        .describedBy((concern(id) ? ["\(id)-error"] : []) + (help.map { [$0] } ?? []))
    }

    func marking(_ id: String) -> Attribute {
        .when(concern(id), Attribute("aria-invalid", "true"))
    }
}
