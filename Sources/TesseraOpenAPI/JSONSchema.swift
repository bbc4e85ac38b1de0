/// What a JSON value is like, in those words of JSON Schema (2020-12) that OpenAPI 3.1 needs here.
///
/// Written once beside the endpoint that reads or writes the value, and read by the document, the page and the tests.
///
/// ```swift
/// extension JSONSchema {
///     static let coin = JSONSchema.object(
///         .required("metal", .choice("gold", "silver")),
///         .optional("weight", .integer(0...1_000), "In grams.")
///     ).named("Coin")
/// }
/// ```
public struct JSONSchema: Sendable, Hashable {
    package indirect enum Form: Sendable, Hashable {
        case text(TextRules)
        case integer(ClosedRange<Int64>)
        case bool
        case `true`
        case list(of: JSONSchema, count: ClosedRange<Int>)
        case object([Member], isClosed: Bool)
        case map(of: JSONSchema, names: JSONSchema, count: ClosedRange<Int>)
        case nullable(JSONSchema)
        case any
    }

    /// What holds of a string. Everything that is `nil` or empty says nothing.
    package struct TextRules: Sendable, Hashable {
        package var format: String?
        package var pattern: String?
        package var length: ClosedRange<Int>?
        package var choices: [String] = []
    }

    package let form: Form
    /// Under which it stands among the components of a document; `nil` for one that is written out where it is used.
    package private(set) var name: String?

    private init(_ form: Form) { self.form = form }

    // MARK: Values

    /// Any string.
    public static let string = JSONSchema(.text(TextRules()))

    /// A string of a number of characters.
    ///
    /// - Parameter pattern: An ECMA-262 regular expression that must be found in it.
    public static func string(_ length: ClosedRange<Int>, pattern: String? = nil) -> JSONSchema {
        JSONSchema(.text(TextRules(pattern: pattern, length: length)))
    }

    /// A string that has a part of this form.
    ///
    /// - Parameter pattern: An ECMA-262 regular expression; `^` and `$` say that nothing else may stand there.
    public static func string(pattern: String) -> JSONSchema {
        JSONSchema(.text(TextRules(pattern: pattern)))
    }

    /// Text on one line that is not blank: no control characters, and something besides white space.
    public static func line(_ length: ClosedRange<Int>) -> JSONSchema {
        string(length, pattern: "^[^\(controls)]*[^\(spaces)\(controls)][^\(controls)]*$")
    }

    /// A text that identifies a person or a thing (`NameText`): on one line, not blank, without characters that cannot be
    /// seen, as far as a regular expression that every reader understands can tell them.
    public static func name(_ length: ClosedRange<Int>) -> JSONSchema {
        let hidden = controls + hiddenCharacters
        return string(length, pattern: "^[^\(hidden)]*[^\(spaces)\(hidden)][^\(hidden)]*$")
    }

    /// Text on one line, which may be blank or empty.
    public static func printable(_ length: ClosedRange<Int> = 0...Int.max) -> JSONSchema {
        string(length, pattern: "^[^\(controls)]*$")
    }

    /// Text on any number of lines that is not blank: no control characters but those that make lines and tabs.
    public static let prose = string(
        pattern: "^[^\(rareControls)]*[^\(spaces)\(controls)][^\(rareControls)]*$")

    /// Control characters, as a class of a regular expression writes them.
    private static let controls = #"\u0000-\u001F\u007F-\u009F"#
    private static let rareControls = #"\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F"#
    /// Format characters and others without an appearance, without the joiners, which some scripts need.
    private static let hiddenCharacters =
        #"\u00AD\u034F\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uE000-\uF8FF\uFEFF\uFFA0"#
    /// White space that is no control character. Spelled out, because not everybody who reads `\s` takes it for more than
    /// that of ASCII; nor U+2000, which is equivalent to another character, for an end of a range.
    private static let spaces = #" \u00A0\u1680\u2000\u2001\u2002-\u200A\u2028\u2029\u202F\u205F\u3000"#

    /// A string in a format that JSON Schema knows, such as `email`.
    public static func string(format: String, length: ClosedRange<Int>? = nil) -> JSONSchema {
        JSONSchema(.text(TextRules(format: format, length: length)))
    }

    /// One of these strings.
    public static func choice(_ values: String...) -> JSONSchema { choice(values) }

    /// One of these strings.
    public static func choice(_ values: [String]) -> JSONSchema {
        JSONSchema(.text(TextRules(choices: values)))
    }

    /// The identifier of an entity, RFC 9562.
    public static let identifier = string(format: "uuid")

    /// An instant as RFC 3339 writes it.
    public static let instant = string(format: "date-time")

    /// An integer; without a range, of 64 bits.
    public static func integer(_ range: ClosedRange<Int64> = .min ... .max) -> JSONSchema {
        JSONSchema(.integer(range))
    }

    public static let bool = JSONSchema(.bool)

    /// `true`, where it would not be there otherwise.
    public static let `true` = JSONSchema(.true)

    /// An array.
    public static func array(of element: JSONSchema, count: ClosedRange<Int> = 0...Int.max) -> JSONSchema {
        JSONSchema(.list(of: element, count: count))
    }

    /// An object of an answer: it may get further members in later releases.
    public static func object(_ members: Member...) -> JSONSchema {
        JSONSchema(.object(members, isClosed: false))
    }

    /// An object of a request: a member that is not named here is a violation.
    public static func closedObject(_ members: Member...) -> JSONSchema {
        JSONSchema(.object(members, isClosed: true))
    }

    /// An object with names that its writer chooses.
    ///
    /// - Parameters:
    ///   - value: What stands under each name.
    ///   - names: What the names are like.
    public static func map(
        of value: JSONSchema, names: JSONSchema, count: ClosedRange<Int> = 0...Int.max
    ) -> JSONSchema {
        JSONSchema(.map(of: value, names: names, count: count))
    }

    /// Any value at all.
    public static let any = JSONSchema(.any)

    /// This, or `null`.
    public var nullable: JSONSchema { JSONSchema(.nullable(self)) }

    /// This under a name: a document writes it once, and refers to it. Two that differ need two names.
    public func named(_ name: String) -> JSONSchema {
        var schema = self
        schema.name = name
        return schema
    }

    /// The members of an object together with further ones; anything else stays as it is.
    public func with(_ further: Member...) -> JSONSchema {
        guard case .object(let members, let isClosed) = form else { return self }
        return JSONSchema(.object(members + further, isClosed: isClosed))
    }
}

extension JSONSchema {
    /// A member of an object.
    public struct Member: Sendable, Hashable {
        package let name: String
        package let schema: JSONSchema
        package let isRequired: Bool
        /// What it means, in a sentence; empty where the name says it.
        package let meaning: String

        /// A member that is always there.
        public static func required(
            _ name: String, _ schema: JSONSchema, _ meaning: String = ""
        ) -> Member {
            Member(name: name, schema: schema, isRequired: true, meaning: meaning)
        }

        /// A member that may be absent.
        public static func optional(
            _ name: String, _ schema: JSONSchema, _ meaning: String = ""
        ) -> Member {
            Member(name: name, schema: schema, isRequired: false, meaning: meaning)
        }
    }
}
