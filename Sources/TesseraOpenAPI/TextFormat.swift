/// A format of strings that a document names, such as `date-time`, and the rule that the server enforces for it.
public struct TextFormat: Sendable, Hashable {
    /// The name in JSON Schema (2020-12, Validation §7.3).
    public let name: String
    /// The phrase for a text of another form: `must be an e-mail address`.
    let expectation: String
    let accepts: @Sendable (String) -> Bool

    /// A format.
    ///
    /// - Parameters:
    ///   - name: The name in JSON Schema; formats with the same name are the same.
    ///   - expectation: The phrase for a text of another form: `must be an e-mail address`.
    ///   - accepts: Reports whether a text has this form.
    public init(
        _ name: String, _ expectation: String, accepts: @escaping @Sendable (String) -> Bool
    ) {
        self.name = name
        self.expectation = expectation
        self.accepts = accepts
    }

    public static func == (left: TextFormat, right: TextFormat) -> Bool { left.name == right.name }

    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    private static let hexadecimal = TextPattern("^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")

    /// An identifier in the form of RFC 9562 §4.
    public static let uuid = TextFormat("uuid", "must be an identifier") { hexadecimal?.matches($0) ?? false }
}
