/// The 32 bytes of a SHA-256 digest or HMAC-SHA-256 code.
///
/// Held inline as four words, so that a table keyed by digests needs no allocation to look one up.
/// `==` may be used to look up a digest of something unguessable; a code that a caller presents is compared
/// with ``ConstantTime``.
public struct SHA256Digest: Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// How many bytes a digest has.
    public static let byteCount = 32

    /// The digest with these bytes; nil unless there are 32.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self = bytes.withUnsafeBytes { Self(loading: $0) }
    }

    /// The digest with these bytes, which may live in memory that C owns; nil unless there are 32.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(loading: bytes)
    }

    /// The digest that `write` leaves in 32 zeroed bytes.
    init(writing write: (UnsafeMutablePointer<UInt8>) -> Void) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { write($0.baseAddress!.assumingMemoryBound(to: UInt8.self)) }
        self.words = words
    }

    private init(loading bytes: UnsafeRawBufferPointer) {
        words = bytes.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self)
    }

    /// The 32 bytes in order.
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// Lends the 32 bytes without copying them to the heap.
    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try Swift.withUnsafeBytes(of: words, body)
    }

    /// Eight bytes of the digest as a number, for a table of digests: uniform, so that nothing has to be hashed.
    public var first: UInt64 { words.0 }

    /// Eight other bytes of the digest as a number, for spreading digests over shards.
    public var spread: UInt64 { words.3 }
}

extension SHA256Digest: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.words.0 == right.words.0 && left.words.1 == right.words.1 && left.words.2 == right.words.2
            && left.words.3 == right.words.3
    }

    /// One word is enough: a digest is uniform, and the hasher's seed is secret.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
    }
}
