public import TesseraCrypto

/// The token string: `PREFIX_`, 58 random base62 characters, 6 base62 characters of CRC-32 over what stands before.
///
/// `Documentation/token-format.md` is the specification.
public struct TokenFormat: Sendable {
    /// The length of every token string, in bytes.
    public static let length = 68
    private static let randomCount = 58
    private static let checksumCount = 6

    /// The beginnings of access tokens: the four bytes of prefix and `_` as they lie in memory.
    private let personalStart: UInt32
    private let oauthStart: UInt32
    private let personal: TokenPrefix
    private let oauth: TokenPrefix
    /// The former prefixes of personal tokens, and those of other nodes.
    private let others: OtherTokenPrefixes

    /// Makes the format of an installation.
    ///
    /// - Parameters:
    ///   - personal: The prefix of personal tokens.
    ///   - oauth: The prefix of OAuth access tokens.
    ///   - others: Further prefixes of personal tokens that are accepted.
    public init(
        personal: TokenPrefix = .personal, oauth: TokenPrefix = .oauthAccess,
        others: OtherTokenPrefixes = OtherTokenPrefixes()
    ) {
        self.others = others
        self.personal = personal
        self.oauth = oauth
        personalStart = Self.start(personal)
        oauthStart = Self.start(oauth)
    }

    /// The prefix with which strings of a kind are drawn.
    public func prefix(of kind: Kind) -> TokenPrefix {
        switch kind {
        case .personal: personal
        case .oauthAccess: oauth
        case .refresh, .clientSecret, .registration: kind.usualPrefix
        }
    }

    /// Draws a new string of a kind. A token is issued through ``TokenDesk``.
    package func draw(_ kind: Kind, from random: RandomSource) -> TokenSecret {
        var bytes = Array("\(prefix(of: kind))_".utf8)
        bytes.reserveCapacity(Self.length)
        for number in random.uniform(below: 62, count: Self.randomCount) {
            bytes.append(Base62.alphabet[Int(number)])
        }
        bytes.append(contentsOf: Base62.encode(CRC32.checksum(of: bytes), count: Self.checksumCount))
        return TokenSecret(unchecked: String(decoding: bytes, as: UTF8.self))
    }

    /// The result of reading a presented string, without a look-up.
    public enum Reading: Sendable {
        /// A well-formed string of a kind that may be presented here, and the digest under which it would be stored.
        case wellFormed(Kind, digest: TokenDigest)
        /// A well-formed string of a kind that may not be presented here.
        case misplaced(Kind)
        /// A string that does not have the form of a token, or begins with the prefix of no kind.
        case malformed
        /// A string that has the form of a token and a checksum that does not fit: a typing or copying mistake, or garbage.
        case mistyped
    }

    /// Reads a presented string. Costs no look-up; about half a microsecond.
    ///
    /// - Parameter use: The use for which the string was presented.
    public func read(_ presented: Span<UInt8>, as use: Use = .accessToken) -> Reading {
        presented.withUnsafeBytes { read($0, as: use) }
    }

    /// Reads a presented string. Costs no look-up; about half a microsecond.
    ///
    /// - Parameter use: The use for which the string was presented.
    public func read(_ presented: String, as use: Use = .accessToken) -> Reading {
        var presented = presented
        return presented.withUTF8 { read(UnsafeRawBufferPointer($0), as: use) }
    }

    private func read(_ bytes: UnsafeRawBufferPointer, as use: Use) -> Reading {
        guard bytes.count == Self.length, let kind = kind(of: bytes) else { return .malformed }
        let checksumStart = Self.length - Self.checksumCount
        guard Base62.areDigits(UnsafeRawBufferPointer(rebasing: bytes[4...])) else { return .malformed }
        let checksum = CRC32.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[..<checksumStart]))
        guard Base62.decode(bytes[checksumStart...]) == UInt64(checksum) else { return .mistyped }
        guard kind.use == use else { return .misplaced(kind) }
        return .wellFormed(kind, digest: SHA256.digest(of: bytes))
    }

    private func kind(of bytes: UnsafeRawBufferPointer) -> Kind? {
        switch bytes.loadUnaligned(as: UInt32.self) {
        case personalStart: .personal
        case oauthStart: .oauthAccess
        // Only here is more than one comparison paid for: nearly all tokens begin with the present prefix.
        case let start: others.contains(start) ? .personal : Self.otherKinds[start]
        }
    }

    /// The beginning of a stored token, such as `tcp_`, as far as it is known: empty where tokens of this kind began
    /// differently at times.
    public func knownBeginning(of kind: TokenKind) -> String {
        switch kind {
        case .personal: others.isEmpty ? "\(personal)_" : ""
        case .oauth: "\(oauth)_"
        }
    }

    static func start(_ prefix: TokenPrefix) -> UInt32 {
        Array("\(prefix)_".utf8).withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    }
}
