import Synchronization

/// What many verified tokens have in common: whose they are, what they may do, what is noted on them.
///
/// One object instead of its parts, so that handing a verified token on counts one reference.
final class TokenGrant: Sendable {
    let owner: User
    let scope: Scope
    let metadata: TokenMetadata
    /// A reference to ``Kept`` that is counted once, or nothing yet. By hand, because `AtomicLazyReference` is not
    /// specialised for its type and takes a tenth of a microsecond to read.
    private let kept = Atomic<Unmanaged<Kept>?>(nil)

    private final class Kept: Sendable {
        let bytes: [UInt8]
        init(_ bytes: [UInt8]) { self.bytes = bytes }
    }

    init(owner: User, scope: Scope, metadata: TokenMetadata) {
        self.owner = owner
        self.scope = scope
        self.metadata = metadata
    }

    deinit {
        kept.load(ordering: .acquiring)?.release()
    }

    /// What was made first of owner and scope; `make` may run more than once, and one result stays.
    func keep(_ make: (User, Scope) -> [UInt8]) -> [UInt8] {
        if let kept = kept.load(ordering: .acquiring) { return kept._withUnsafeGuaranteedRef(\.bytes) }
        let made = Unmanaged.passRetained(Kept(make(owner, scope)))
        let (_, before) = kept.compareExchange(
            expected: nil, desired: made, ordering: .acquiringAndReleasing)
        guard let before else { return made._withUnsafeGuaranteedRef(\.bytes) }
        made.release()
        return before._withUnsafeGuaranteedRef(\.bytes)
    }
}
