import TesseraCore

/// What a string of Tessera's says by itself, of every kind there is.
///
/// ``TokenFormat`` knows the kinds that open a door; here the others are read as well, by the same rules.
enum TokenReading: Sendable {
    /// An access token, under the digest by which it may be stored.
    case accessToken(TokenKind, digest: TokenDigest)
    /// Sound, and of a kind that is not presented to an API; with the words for it.
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

    /// The same form with the prefixes of the other kinds.
    private static let others = TokenFormat(personal: .refresh, oauth: .clientSecret)
}
