/// A kind of argument value, and the way to parse it.
struct ArgumentKind<Value: Sendable>: Sendable {
    /// The name of the value in the help, such as `EMAIL`.
    let placeholder: String
    private let parse: @Sendable (String) throws(ArgumentKindError) -> Value

    /// Makes a kind with a fixed error sentence.
    ///
    /// - Parameters:
    ///   - expectation: A phrase that follows "expected": `an e-mail address`.
    ///   - parse: Returns the value, or `nil` for an invalid text.
    init(_ placeholder: String, _ expectation: String, parse: @escaping @Sendable (String) -> Value?) {
        self.init(placeholder) { text throws(ArgumentKindError) in
            guard let value = parse(text) else { throw ArgumentKindError("expected \(expectation).") }
            return value
        }
    }

    /// Makes a kind whose errors depend on the text.
    ///
    /// - Parameter parse: Returns the value, or throws the error.
    init(_ placeholder: String, parse: @escaping @Sendable (String) throws(ArgumentKindError) -> Value) {
        self.placeholder = placeholder
        self.parse = parse
    }

    func read(_ text: String) throws(ArgumentKindError) -> Value { try parse(text) }
}

/// An argument that is not of the expected kind. Does not contain the text, which may be a misplaced secret.
struct ArgumentKindError: Error {
    /// The problem, starting in lower case.
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

extension ArgumentKind<String> {
    /// Any text.
    static func text(_ placeholder: String) -> ArgumentKind {
        ArgumentKind(placeholder, "a text") { $0 }
    }

    /// The path of a file.
    static var file: ArgumentKind { ArgumentKind("FILE", "the path of a file") { $0.isEmpty ? nil : $0 } }

    /// One of the given words.
    static func word(_ placeholder: String, _ words: [String]) -> ArgumentKind {
        ArgumentKind(placeholder, words.joined(separator: " or ")) { words.contains($0) ? $0 : nil }
    }
}

extension ArgumentKind<Int> {
    /// A whole number in decimal digits.
    static func number(_ placeholder: String, in range: ClosedRange<Int>) -> ArgumentKind {
        ArgumentKind(placeholder, "a number from \(range.lowerBound) to \(range.upperBound)") { text in
            // `Int()` alone would accept a sign.
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
                return nil
            }
            return range.contains(number) ? number : nil
        }
    }
}

extension ArgumentKind<Bool> {
    /// The value that an environment variable or a file gives for a flag.
    static var `switch`: ArgumentKind {
        ArgumentKind("", "yes or no") { text in
            switch text {
            case "yes", "true", "on", "1": true
            case "no", "false", "off", "0", "": false
            default: nil
            }
        }
    }
}

extension ArgumentKind {
    /// One of the cases of an enumeration, by its raw value.
    static func choice(_ placeholder: String) -> ArgumentKind
    where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
        let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
        return ArgumentKind(placeholder, "one of \(words)") { Value(rawValue: $0) }
    }
}
