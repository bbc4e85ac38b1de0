/// A JSON value as written: members in order, numbers as text.
///
/// Strings and names are compared scalar by scalar (RFC 8259 §8.3). Swift's own `==` treats composed and decomposed
/// letters as equal.
public enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// Parses one JSON value with the rules of `gate`.
    ///
    /// - Throws: ``JSONViolation`` for the first problem.
    public static func parse(_ bytes: [UInt8], gate: JSONGate = .standard) throws(JSONViolation) -> JSONValue
    {
        try gate.read(bytes.span, keepsValues: true)
    }

    /// Parses one JSON value with the rules of `gate`.
    ///
    /// - Throws: ``JSONViolation`` for the first problem.
    public static func parse(
        _ bytes: Span<UInt8>, gate: JSONGate = .standard
    ) throws(JSONViolation) -> JSONValue {
        try gate.read(bytes, keepsValues: true)
    }
}

extension JSONValue {
    /// The text if this is a string, otherwise `nil`.
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The Boolean value if this is `true` or `false`, otherwise `nil`.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The number if this is a number, otherwise `nil`.
    public var number: JSONNumber? { if case .number(let number) = self { number } else { nil } }
    /// The elements if this is an array, otherwise `nil`.
    public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The members if this is an object, otherwise `nil`.
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
    /// Indicates that this is `null`.
    public var isNull: Bool { if case .null = self { true } else { false } }
}

extension JSONValue: Hashable {
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.isSameText(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number(let number): hasher.combine(number)
        // Equal bytes are canonically equivalent, so Swift's hash is valid.
        case .string(let text): hasher.combine(text)
        case .array(let elements): hasher.combine(elements)
        case .object(let object): hasher.combine(object)
        }
    }
}

/// A number as written. `1`, `1.0` and `1e0` are three different numbers.
public struct JSONNumber: Sendable, Hashable {
    /// The text, in the grammar of RFC 8259 §6.
    public let text: String

    init(checked text: String) { self.text = text }

    /// The value as an integer, if it is whole and in range, in any notation: `1`, `1.0` and `10e-1` are the integer 1
    /// (JSON Schema 2020-12, Core §4.2.2).
    public var int64: Int64? { Int64(text) ?? wholeValue }

    /// The exact whole number that the digits and the exponent denote. Floating point would lose digits.
    ///
    /// The time depends on the length of the text, not on the size of the exponent.
    private var wholeValue: Int64? {
        let parts = text.utf8.split(whereSeparator: { $0 | 0x20 == UInt8(ascii: "e") })
        let isNegative = parts[0].first == UInt8(ascii: "-")
        let halves = parts[0].dropFirst(isNegative ? 1 : 0).split(separator: UInt8(ascii: "."))
        let zero = UInt8(ascii: "0")
        let written = halves.flatMap { Array($0) }
        guard let first = written.firstIndex(where: { $0 != zero }),
            let last = written.lastIndex(where: { $0 != zero })
        else { return 0 }
        let digits = written[first...last]
        // The number is 0.DIGITS × 10^point. An exponent beyond 64 bits moves the point out of reach of any text.
        let exponent = parts.count == 2 ? Self.exponent(Substring(parts[1])) : 0
        let (point, isFarAway) = (halves[0].count - first).addingReportingOverflow(exponent)
        // No 64-bit integer has more than 19 digits.
        guard !isFarAway, digits.count <= point, point <= 19 else { return nil }
        let zeros = String(repeating: "0", count: point - digits.count)
        return Int64((isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self) + zeros)
    }

    /// The exponent of a number, clamped to the range of `Int`.
    private static func exponent(_ text: Substring) -> Int {
        Int(text) ?? (text.utf8.first == UInt8(ascii: "-") ? .min : .max)
    }

    /// The nearest floating-point value; `nil` if it is infinite, as for `1e400`.
    public var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}

/// The members of an object in the order of the text, without repeated names.
public struct JSONObject: Sendable {
    /// A name and its value.
    public struct Member: Sendable {
        /// The name.
        public let name: String
        /// The value.
        public let value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The members in order.
    public let members: [Member]

    /// An object of these members, no two of which have the same name.
    package init(distinct members: [Member] = []) { self.members = members }

    /// The value of `name`, compared scalar by scalar; `nil` if there is none. The time grows with the number of
    /// members.
    public subscript(name: String) -> JSONValue? {
        members.first { $0.name.isSameText(as: name) }?.value
    }
}

extension JSONObject: Hashable {}

extension JSONObject.Member: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.name.isSameText(as: right.name) && left.value == right.value
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(value)
    }
}
