import TesseraCore

/// The information in a token string itself, for every kind of string that Tessera creates.
///
/// ``TokenFormat`` knows the kinds that an API accepts; this type also reads the other kinds by the same rules.
enum TokenReading: Sendable {
    /// An access token, with the digest under which it may be stored.
    case accessToken(TokenKind, digest: TokenDigest)
    /// A well-formed string of a kind that APIs do not accept, with its name.
    case other(String)
    case malformed
    case mistyped

    init(_ presented: String, format: TokenFormat) {
        switch (format.read(presented), Self.others.read(presented)) {
        case (.wellFormed(let kind, let digest), _): self = .accessToken(kind, digest: digest)
        case (_, .wellFormed(.personal, _)): self = .other("refresh token")
        case (_, .wellFormed(.oauth, _)): self = .other("client secret")
        case (.mistyped, _), (_, .mistyped): self = .mistyped
        case (.malformed, .malformed): self = .malformed
        }
    }

    /// The same format with the prefixes of the other kinds.
    private static let others = TokenFormat(personal: .refresh, oauth: .clientSecret)
}
