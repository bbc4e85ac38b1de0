/// The rules for a JSON value, in those words of JSON Schema (2020-12) that OpenAPI 3.1 needs here.
///
/// A schema is written once beside the endpoint that reads or writes the value. The document, the page and the tests read
/// it, and the server enforces it for the body of a request (``violations(in:)``).
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
    /// The kind of a value, with the rules for it.
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

    /// The rules for a string. A rule that is `nil` or empty allows every string.
    package struct TextRules: Sendable, Hashable {
        /// The format, such as `date-time`.
        package var format: TextFormat?
        /// The pattern that a part of the string matches.
        package var pattern: TextPattern?
        /// The length in Unicode scalars.
        package var length: ClosedRange<Int>?
        /// The only strings that are allowed; empty for all.
        package var choices: [String] = []
        /// The phrase for a string that breaks a rule; `nil` for one that follows from the rule.
        package var expectation: String?
    }

    /// The rules themselves.
    package let form: Form
    /// The name among the components of a document; `nil` for a schema that is written out where it is used.
    package private(set) var name: String?

    private init(_ form: Form) { self.form = form }

    // MARK: Values

    /// Any string.
    public static let string = JSONSchema(.text(TextRules()))

    /// A string of a number of Unicode scalars.
    ///
    /// - Parameters:
    ///   - pattern: A regular expression of ECMA-262 that must match a part of it. Only literals, classes, groups,
    ///     alternatives, quantifiers, `^` and `$` can be enforced; any other pattern is a programming error.
    ///   - expectation: The phrase for a string that breaks a rule: `must have 1 to 9 digits`.
    public static func string(
        _ length: ClosedRange<Int>, pattern: String? = nil, saying expectation: String? = nil
    ) -> JSONSchema {
        JSONSchema(
            .text(TextRules(pattern: pattern.map(compiled), length: length, expectation: expectation)))
    }

    /// A string with a part of this form; see ``string(_:pattern:saying:)``.
    public static func string(pattern: String, saying expectation: String? = nil) -> JSONSchema {
        JSONSchema(.text(TextRules(pattern: compiled(pattern), expectation: expectation)))
    }

    private static func compiled(_ pattern: String) -> TextPattern {
        guard let compiled = TextPattern(pattern) else {
            preconditionFailure("this pattern cannot be enforced: \(pattern)")
        }
        return compiled
    }

    /// Text on one line that is not blank: no control characters, and something besides white space.
    public static func line(_ length: ClosedRange<Int>) -> JSONSchema {
        string(
            length, pattern: "^[^\(controls)]*[^\(spaces)\(controls)][^\(controls)]*$",
            saying: SchemaCheck.expectation(length, "character") + " on one line, and not be blank")
    }

    /// A text that identifies a person or a thing (`NameText`): on one line, not blank, and without invisible characters,
    /// as far as a regular expression can tell them that every reader understands.
    public static func name(_ length: ClosedRange<Int>) -> JSONSchema {
        let hidden = controls + hiddenCharacters
        return string(
            length, pattern: "^[^\(hidden)]*[^\(spaces)\(hidden)][^\(hidden)]*$",
            saying: SchemaCheck.expectation(length, "character") + ", all of them visible, and not be blank")
    }

    /// Text on one line, which may be blank or empty.
    public static func printable(_ length: ClosedRange<Int> = 0...Int.max) -> JSONSchema {
        string(
            length, pattern: "^[^\(controls)]*$",
            saying: SchemaCheck.expectation(length, "character") + " on one line")
    }

    /// Text on any number of lines that is not blank: no control characters except line ends and tabs.
    public static let prose = string(
        pattern: "^[^\(rareControls)]*[^\(spaces)\(controls)][^\(rareControls)]*$",
        saying: "must be text that is not blank, without control characters other than line ends")

    /// Control characters, as a class of a regular expression writes them.
    private static let controls = #"\u0000-\u001F\u007F-\u009F"#
    private static let rareControls = #"\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F"#
    /// Format characters and others without an appearance, without the joiners, which some scripts need.
    private static let hiddenCharacters =
        #"\u00AD\u034F\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uE000-\uF8FF\uFEFF\uFFA0"#
    /// White space that is no control character. It is spelled out, because some readers take `\s` for that of ASCII alone,
    /// and do not accept U+2000, which is equivalent to another character, as an end of a range.
    private static let spaces = #" \u00A0\u1680\u2000\u2001\u2002-\u200A\u2028\u2029\u202F\u205F\u3000"#

    /// A string in a format that JSON Schema knows, such as `email`.
    public static func string(_ format: TextFormat, length: ClosedRange<Int>? = nil) -> JSONSchema {
        JSONSchema(.text(TextRules(format: format, length: length)))
    }

    /// One of these strings.
    public static func choice(_ values: String...) -> JSONSchema { choice(values) }

    /// One of these strings.
    public static func choice(_ values: [String]) -> JSONSchema {
        JSONSchema(.text(TextRules(choices: values)))
    }

    /// The identifier of an entity (RFC 9562 §4).
    public static let identifier = string(.uuid)

    /// An integer; without a range, of 64 bits.
    public static func integer(_ range: ClosedRange<Int64> = .min ... .max) -> JSONSchema {
        JSONSchema(.integer(range))
    }

    /// `true` or `false`.
    public static let bool = JSONSchema(.bool)

    /// `true`, for a member that is absent otherwise.
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
    ///   - value: The schema of each value.
    ///   - names: The schema of each name.
    public static func map(
        of value: JSONSchema, names: JSONSchema, count: ClosedRange<Int> = 0...Int.max
    ) -> JSONSchema {
        JSONSchema(.map(of: value, names: names, count: count))
    }

    /// Any value at all.
    public static let any = JSONSchema(.any)

    /// This schema, or `null`.
    public var nullable: JSONSchema { JSONSchema(.nullable(self)) }

    /// This schema under a name: a document writes it once, and refers to it. Two that differ need two names.
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
        /// The name, compared by its bytes.
        package let name: String
        /// The rules for its value.
        package let schema: JSONSchema
        /// Indicates that the member must be there.
        package let isRequired: Bool
        /// The meaning in a sentence; empty where the name says it.
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
