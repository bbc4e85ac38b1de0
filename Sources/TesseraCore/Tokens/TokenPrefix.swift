/// What a token string begins with, which names its kind: three lower-case letters, and `_` behind them.
public struct TokenPrefix: Sendable, Hashable, CustomStringConvertible {
    /// The three letters, without the `_`.
    public let text: String

    public init?(_ text: String) {
        guard text.utf8.count == 3, text.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else { return nil }
        self.text = text
    }

    private init(literal text: StaticString) { self.text = text.description }

    public static let personal = TokenPrefix(literal: "tcp")
    public static let oauthAccess = TokenPrefix(literal: "tco")
    public static let refresh = TokenPrefix(literal: "tcr")
    public static let clientSecret = TokenPrefix(literal: "tcs")

    public var description: String { text }
}
