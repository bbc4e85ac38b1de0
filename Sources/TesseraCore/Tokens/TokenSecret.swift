public import TesseraCrypto

/// SHA-256 of a whole token string: all that is kept of it.
///
/// The string has more than 256 bits of randomness, so that a fast digest is right and a password hash would be wrong.
public typealias TokenDigest = SHA256Digest

/// The plain text of a token. Describes itself as nothing, so that it stays out of logs and error messages.
public struct TokenSecret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
    /// The token string. It leaves the process once, in the answer to the request that made the token.
    public let plainText: String

    /// Takes a string that ``TokenFormat`` has made.
    init(unchecked plainText: String) { self.plainText = plainText }

    /// The digest under which the token is stored.
    public var digest: TokenDigest { SHA256.digest(of: plainText) }

    /// The last four characters, by which people tell tokens apart.
    public var lastFour: String { String(plainText.suffix(4)) }

    public var description: String { "<redacted>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A token that was just stored, with the plain text that is shown this once.
public struct IssuedToken: Sendable {
    /// The plain text.
    public let secret: TokenSecret
    /// The record.
    public let token: AccessToken
}
