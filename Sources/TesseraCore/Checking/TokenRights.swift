import Synchronization

/// The properties that many verified tokens share: their subject, what they may do, and the notes on them.
///
/// One object instead of its parts, so that handing a verified token on counts one reference.
package final class TokenRights: Sendable {
    let principal: Principal
    /// The client that received the tokens; `nil` for personal tokens.
    let client: Client.ID?
    /// The consent behind the tokens; `nil` for none.
    let grant: Grant.ID?
    /// Indicates that the subject is a person. Stored, so that a request asks for it without looking further.
    package let isOfUser: Bool
    let scope: Scope
    /// The notes on the tokens.
    package let metadata: TokenMetadata
    /// The address of the bytes that are kept; 0 for none yet. Plain memory and no array: a reader counts no reference, and looks
    /// at one place in memory and not at two. A number, since a pointer is not `Sendable`.
    private let kept = Atomic<UInt>(0)

    /// - Parameter scope: The scope of the token, limited by what its subject may do now.
    init(of token: PresentedToken, _ scope: Scope) {
        principal = token.principal
        client = token.client
        grant = token.grant
        isOfUser = token.principal.user != nil
        self.scope = scope
        metadata = token.metadata
    }

    /// Reports whether another token with this scope would share the object.
    func isShared(by token: PresentedToken, _ scope: Scope) -> Bool {
        self.scope == scope && principal == token.principal && client == token.client
    }

    deinit {
        UnsafeMutableRawPointer(bitPattern: kept.load(ordering: .acquiring))?.deallocate()
    }

    /// Lends to `body` what `make` makes of a user and the scope, nothing for a client: once, and then kept for all tokens that share them. There is
    /// room for one such thing, so that a program asks for it in one place only. `make` may run more than once, and one
    /// result stays.
    package func withKept(
        _ make: (User, Scope) -> [UInt8], _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        if let kept = UnsafeRawPointer(bitPattern: kept.load(ordering: .acquiring)) {
            return body(Self.bytes(kept))
        }
        guard case .user(let user) = principal else {
            return body(UnsafeRawBufferPointer(start: nil, count: 0))
        }
        let made = Self.block(make(user, scope))
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
