/// The 32 bytes of a SHA-256 digest or HMAC-SHA-256 code.
///
/// Stored inline as four words, so that a lookup in a table of digests needs no allocation. Use `==` only to look up
/// the digest of an unguessable value. Compare a code that a caller presents with ``ConstantTime``.
public struct SHA256Digest: Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// The number of bytes of a digest.
    public static let byteCount = 32

    /// Makes a digest from its bytes; `nil` unless there are 32.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self = bytes.withUnsafeBytes { Self(loading: $0) }
    }

    /// Makes a digest from bytes that C memory may hold; `nil` unless there are 32.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(loading: bytes)
    }

    /// Makes the digest that `write` stores in 32 zeroed bytes.
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

    /// Calls `body` with the 32 bytes, without copying them to the heap.
    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try Swift.withUnsafeBytes(of: words, body)
    }

    /// Eight bytes of the digest as a number. They are uniformly distributed, so a table of digests needs no further
    /// hash.
    public var first: UInt64 { words.0 }

    /// Eight other bytes of the digest as a number, which distribute digests over shards.
    public var spread: UInt64 { words.3 }
}

extension SHA256Digest: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.words.0 == right.words.0 && left.words.1 == right.words.1 && left.words.2 == right.words.2
            && left.words.3 == right.words.3
    }

    /// One word is enough: digests are uniformly distributed, and the hasher's seed is secret.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
    }
}
