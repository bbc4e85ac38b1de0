import TesseraText

/// The name that a person gives to a token: 1–100 Unicode scalars that keep the rule of `NameText`.
public struct TokenName: Sendable, Hashable, CustomStringConvertible {
    /// The longest name, in characters.
    public static let longest = 100
    private static let limit = TextLimit(1...longest)

    /// The name itself.
    public let text: String

    /// - Parameter text: As typed; white space around it is dropped.
    public init?(_ text: String) {
        guard let name = NameText(text, limit: Self.limit) else { return nil }
        self.text = name.text
    }

    /// A name as a store keeps it, which may be older than the present rule; `nil` for what never was one.
    package init?(stored text: String) {
        guard let first = text.utf8.first, first > 0x20 else { return nil }
        self.text = text
    }

    public var description: String { text }
}
