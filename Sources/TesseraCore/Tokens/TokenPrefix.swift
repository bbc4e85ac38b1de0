/// The beginning of a token string, which names its kind: three lower-case letters, followed by `_`.
public struct TokenPrefix: Sendable, Hashable, CustomStringConvertible {
    /// The three letters, without the `_`.
    public let text: String

    /// Makes a prefix; `nil` for anything but three lower-case letters.
    public init?(_ text: String) {
        guard text.utf8.count == 3, text.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else { return nil }
        self.text = text
    }

    private init(literal text: StaticString) { self.text = text.description }

    /// The prefix of personal tokens: `tc`, and the first letter that tells the kind and is free.
    public static let personal = TokenPrefix(literal: "tcp")
    /// The prefix of OAuth access tokens.
    public static let oauthAccess = TokenPrefix(literal: "tco")
    /// The prefix of refresh tokens.
    public static let refresh = TokenPrefix(literal: "tcr")
    /// The prefix of client secrets.
    public static let clientSecret = TokenPrefix(literal: "tcs")
    /// The prefix of registration access tokens: re*g*istration, since `r` is taken.
    public static let registration = TokenPrefix(literal: "tcg")

    public var description: String { text }
}
