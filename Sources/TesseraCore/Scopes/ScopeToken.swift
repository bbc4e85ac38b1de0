/// One permission name, such as `repo:read`.
///
/// Case-sensitive; printable ASCII without space, `"` and `\` — RFC 6749 §3.3. At most 100 characters.
public struct ScopeToken: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name itself.
    public let text: String

    /// Makes a name; `nil` for a text outside the grammar (RFC 6749 §3.3).
    public init?(_ text: String) {
        guard (1...100).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.text = text
    }

    private init(literal text: StaticString) { self.text = text.description }

    /// See one's own tokens through the API.
    public static let tokensRead = ScopeToken(literal: "tokens:read")
    /// Make, change, replace and revoke one's own tokens through the API.
    public static let tokensWrite = ScopeToken(literal: "tokens:write")

    public var description: String { text }

    public static func < (left: ScopeToken, right: ScopeToken) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte == 0x21 || (0x23...0x5B).contains(byte) || (0x5D...0x7E).contains(byte)
    }
}
