import TesseraHTML
import TesseraOpenAPI

/// Says what a value is like, in words.
struct SchemaMarkup: Markup {
    /// A text in which backquotes set off what programs write.
    func text(_ text: String) -> HTML {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        return HTML(
            parts.enumerated().map { number, part in
                number.isMultiple(of: 2) ? HTML(text: String(part)) : code { String(part) }
            })
    }

    /// A schema in a phrase: `string, 2–50 characters`; one with a name leads to where it is written out.
    @HTMLBuilder func phrase(_ schema: JSONSchema) -> HTML {
        if let name = schema.name {
            a(.href("#shape-\(name)")) { name }
        } else {
            phrase(of: schema.form)
        }
    }

    /// A schema written out, whether it has a name or not.
    @HTMLBuilder func definition(of schema: JSONSchema) -> HTML {
        if schema.members == nil { p { phrase(of: schema.form) } } else { members(of: schema) }
    }

    /// The members of an object, or of the objects in an array, and theirs; nothing for anything else.
    @HTMLBuilder func members(of schema: JSONSchema) -> HTML {
        if let members = schema.members {
            ul(.class("members")) {
                for member in members {
                    li {
                        entry(member.name, member.schema, isRequired: member.isRequired, member.meaning)
                        // What has a name is written out elsewhere.
                        if member.schema.nameInside == nil { self.members(of: member.schema) }
                    }
                }
            }
        }
    }

    /// A name, what stands under it, and what that means.
    @HTMLBuilder func entry(
        _ name: String, _ schema: JSONSchema, isRequired: Bool, _ meaning: String
    ) -> HTML {
        div(.class("member")) {
            code { name }
            span(.class("kind")) { phrase(schema) }
            if isRequired { span(.class("needed")) { "required" } }
        }
        if !meaning.isEmpty { p(.class("help")) { text(meaning) } }
    }

    @HTMLBuilder private func phrase(of form: JSONSchema.Form) -> HTML {
        switch form {
        case .text(let rules): phrase(of: rules)
        case .integer(let range): "integer" + Self.limits(range)
        case .bool: "boolean"
        case .true: code { "true" }
        case .list(let element, let count):
            "array of "
            phrase(element)
            Self.limits(count, "elements")
        case .object: "object"
        case .map(let value, _, let count):
            "object of any names with "
            phrase(value)
            Self.limits(count, "members")
        case .nullable(let schema):
            phrase(schema)
            " or "
            code { "null" }
        case .any: "any value"
        }
    }

    @HTMLBuilder private func phrase(of rules: JSONSchema.TextRules) -> HTML {
        if !rules.choices.isEmpty {
            for (number, choice) in rules.choices.enumerated() {
                if number > 0 { " or " }
                code { "\"\(choice)\"" }
            }
        } else {
            rules.format?.name ?? "string"
            if let length = rules.length { Self.limits(length, "characters") }
        }
    }

    /// `, 2–50 characters`; nothing where there is no limit to speak of.
    private static func limits(_ count: ClosedRange<Int>, _ things: String) -> String {
        switch (count.lowerBound, count.upperBound) {
        case (0, .max): ""
        case (let least, .max): ", at least \(least) \(things)"
        case (0, let most): ", at most \(most) \(things)"
        case (let least, let most) where least == most: ", \(most) \(things)"
        case (let least, let most): ", \(least)–\(most) \(things)"
        }
    }

    private static func limits(_ range: ClosedRange<Int64>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (.min, .max): ""
        case (let least, .max): ", \(least) or more"
        case (.min, let most): ", \(most) or less"
        case (let least, let most): ", \(least)–\(most)"
        }
    }
}

extension JSONSchema {
    /// The members of the object that this is, or that it holds.
    fileprivate var members: [Member]? {
        switch form {
        case .object(let members, _): members
        case .list(let element, _): element.members
        case .nullable(let schema): schema.members
        default: nil
        }
    }

    /// Its name, or that of what it holds.
    fileprivate var nameInside: String? {
        if let name { return name }
        return switch form {
        case .list(let element, _): element.nameInside
        case .nullable(let schema): schema.nameInside
        default: nil
        }
    }
}
