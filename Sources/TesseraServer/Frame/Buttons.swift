import TesseraHTML

extension Page {
    /// The buttons of a form: one sends it, the other leads away.
    func buttons(_ name: String, cancel path: String) -> HTML {
        div(.class("actions")) {
            button(.class("primary"), .type("submit")) { name }
            a(.class("button quiet"), .href(path)) { "Cancel" }
        }
    }

    /// The form behind a warning, whose only fields are its buttons.
    func dangerForm(_ name: String, action: String, cancel path: String) -> HTML {
        form(.class("actions"), .action(action), .post) {
            csrfField
            button(.class("danger"), .type("submit")) { name }
            a(.class("button quiet"), .href(path)) { "Cancel" }
        }
    }

    /// The first items of a list, and the number of the others.
    @HTMLBuilder func items<Item>(_ all: [Item], upTo most: Int, _ line: (Item) -> HTML) -> HTML {
        for item in all.prefix(most) { li { line(item) } }
        if all.count > most { li(.class("muted")) { "and \(all.count - most) more" } }
    }
}
