public import TesseraCrypto

/// The token string: `PREFIX_`, 58 random base62 characters, 6 base62 characters of CRC-32 over what stands before.
///
/// `Documentation/token-format.md` is the specification.
public struct TokenFormat: Sendable {
    public static let length = 68
    private static let randomCount = 58
    private static let checksumCount = 6

    /// How tokens begin that may be presented as an access token: the four bytes of prefix and `_` as they lie in memory.
    private let personalStart: UInt32
    private let oauthStart: UInt32
    private let prefixes: [TokenKind: TokenPrefix]
    /// Those with which people's tokens began before, or begin on other nodes.
    private let others: OtherTokenPrefixes

    /// - Parameters:
    ///   - personal: The prefix of tokens that people make.
    ///   - oauth: The prefix of tokens that applications get.
    ///   - others: Further prefixes that are accepted, of tokens that people have made.
    public init(
        personal: TokenPrefix = .personal, oauth: TokenPrefix = .oauthAccess,
        others: OtherTokenPrefixes = OtherTokenPrefixes()
    ) {
        self.others = others
        prefixes = [.personal: personal, .oauth: oauth]
        personalStart = Self.start(personal)
        oauthStart = Self.start(oauth)
    }

    public func prefix(of kind: TokenKind) -> TokenPrefix {
        guard let prefix = prefixes[kind] else { preconditionFailure("every kind has a prefix") }
        return prefix
    }

    /// Draws a new token string. Whoever issues tokens goes through ``TokenDesk``.
    package func draw(_ kind: TokenKind, from random: RandomSource) -> TokenSecret {
        var bytes = Array("\(prefix(of: kind))_".utf8)
        bytes.reserveCapacity(Self.length)
        for number in random.uniform(below: 62, count: Self.randomCount) {
            bytes.append(Base62.alphabet[Int(number)])
        }
        bytes.append(contentsOf: Base62.encode(CRC32.checksum(of: bytes), count: Self.checksumCount))
        return TokenSecret(unchecked: String(decoding: bytes, as: UTF8.self), kind: kind)
    }

    /// What can be said about a presented string without asking anybody.
    public enum Reading: Sendable {
        /// A well-formed token of this kind, and the digest under which it would be stored.
        case wellFormed(TokenKind, digest: TokenDigest)
        /// Not of the form of a token of ours.
        case malformed
        /// Of the form of a token of ours, but the checksum does not fit: a typing or copying mistake, or garbage.
        case mistyped
    }

    /// Reads a presented string. Costs no look-up; about half a microsecond.
    public func read(_ presented: Span<UInt8>) -> Reading {
        presented.withUnsafeBytes { read($0) }
    }

    /// Reads a presented string. Costs no look-up; about half a microsecond.
    public func read(_ presented: String) -> Reading {
        var presented = presented
        return presented.withUTF8 { read(UnsafeRawBufferPointer($0)) }
    }

    private func read(_ bytes: UnsafeRawBufferPointer) -> Reading {
        guard bytes.count == Self.length, let kind = kind(of: bytes) else { return .malformed }
        let checksumStart = Self.length - Self.checksumCount
        guard Base62.areDigits(UnsafeRawBufferPointer(rebasing: bytes[4...])) else { return .malformed }
        let checksum = CRC32.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[..<checksumStart]))
        guard Base62.decode(bytes[checksumStart...]) == UInt64(checksum) else { return .mistyped }
        return .wellFormed(kind, digest: SHA256.digest(of: bytes))
    }

    private func kind(of bytes: UnsafeRawBufferPointer) -> TokenKind? {
        switch bytes.loadUnaligned(as: UInt32.self) {
        case personalStart: .personal
        case oauthStart: .oauth
        // Only here is more than one comparison paid for: nearly all tokens begin with the present prefix.
        case let start: others.contains(start) ? .personal : nil
        }
    }

    /// The beginning of a stored token, such as `tcp_`, as far as it is known: empty where tokens of this kind began
    /// differently at times.
    public func knownBeginning(of kind: TokenKind) -> String {
        kind == .personal && !others.isEmpty ? "" : "\(prefix(of: kind))_"
    }

    static func start(_ prefix: TokenPrefix) -> UInt32 {
        Array("\(prefix)_".utf8).withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    }
}
