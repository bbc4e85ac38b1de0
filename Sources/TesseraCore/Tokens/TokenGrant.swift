import Synchronization

/// What many verified tokens have in common: whose they are, what they may do, what is noted on them.
///
/// One object instead of its parts, so that handing a verified token on counts one reference.
package final class TokenGrant: Sendable {
    let owner: User
    let scope: Scope
    package let metadata: TokenMetadata
    /// Where the bytes stand that are kept; nothing yet at first. Plain memory and no array: a reader counts no reference,
    /// and looks at one place in memory and not at two. An address, since a pointer is not `Sendable`; 0 is none.
    private let kept = Atomic<UInt>(0)

    init(owner: User, scope: Scope, metadata: TokenMetadata) {
        self.owner = owner
        self.scope = scope
        self.metadata = metadata
    }

    deinit {
        UnsafeMutableRawPointer(bitPattern: kept.load(ordering: .acquiring))?.deallocate()
    }

    /// Lends to `body` what `make` makes of owner and scope: once, and then kept for all tokens that share them. There is
    /// room for one such thing, so that a program asks for it in one place only. `make` may run more than once, and one
    /// result stays.
    package func withKept(
        _ make: (User, Scope) -> [UInt8], _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        if let kept = UnsafeRawPointer(bitPattern: kept.load(ordering: .acquiring)) {
            return body(Self.bytes(kept))
        }
        let made = Self.block(make(owner, scope))
        let (_, before) = kept.compareExchange(
            expected: 0, desired: UInt(bitPattern: made), ordering: .acquiringAndReleasing)
        guard let before = UnsafeRawPointer(bitPattern: before) else { return body(Self.bytes(made)) }
        made.deallocate()
        return body(Self.bytes(before))
    }

    // MARK: A block: the number of bytes, then the bytes

    private static func block(_ bytes: [UInt8]) -> UnsafeMutableRawPointer {
        let header = MemoryLayout<Int>.size
        let block = UnsafeMutableRawPointer.allocate(
            byteCount: header + bytes.count, alignment: MemoryLayout<Int>.alignment)
        block.storeBytes(of: bytes.count, as: Int.self)
        UnsafeMutableRawBufferPointer(start: block + header, count: bytes.count).copyBytes(from: bytes)
        return block
    }

    private static func bytes(_ block: UnsafeRawPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: block + MemoryLayout<Int>.size, count: block.load(as: Int.self))
    }
}
