import Synchronization
import TesseraCrypto
import TesseraTime

/// Verified tokens in memory, bounded, keyed by digest, spread over shards that are locked on their own.
///
/// Its coherence is a promise, not a time-out. The store tells of each change after it is durable and before the method that
/// made it returns, and the cache forgets what the change concerns (``forget(_:)``). A look-up that began before that cannot
/// put the old state back: it holds a ``Ticket``, and a removal makes the tickets of the shard worthless.
public final class TokenCache: Sendable {
    private struct State: ~Copyable, Sendable {
        var table: TokenTable
        var removals: UInt64 = 0
    }

    private final class Shard: Sendable {
        let state: Mutex<State>
        init(capacity: Int, memory: BlockMemory) {
            state = Mutex(State(table: TokenTable(capacity: capacity, memory: memory)))
        }
    }

    /// The right to insert the result of a look-up.
    public struct Ticket: Sendable {
        fileprivate let removals: UInt64
    }

    /// The largest number of entries; 0 for no cache at all.
    public let capacity: Int
    private let isUnused = Atomic<Bool>(false)
    /// Reports whether the entries may be believed at this instant; `nil` where ``bypass()`` always comes in time.
    private let isCertain: (@Sendable () -> Bool)?
    private let shards: [Shard]
    /// The rights that tokens share, by subject. Few for each subject: they are compared one by one.
    private let rights = Mutex<[Subject: [TokenRights]]>([:])
    /// The number of subjects beyond which the sharing begins anew; cached tokens keep the rights that they have.
    private static let mostSubjects = 65_536
    private static let rightsPerSubject = 8

    /// - Parameters:
    ///   - capacity: The largest number of entries; 0 for no cache at all.
    ///   - isCertain: Reports whether the entries may be believed at this instant; each use asks it. `nil` where ``bypass()``
    ///     always comes in time. See ``StoreHealth/hearsForeignChanges``.
    ///   - memory: The source of the tables' memory. In large pages, a look-up among very many tokens costs a third less.
    public init(
        capacity: Int, isCertain: (@Sendable () -> Bool)? = nil,
        memory: BlockMemory = .heap
    ) {
        self.capacity = capacity
        self.isCertain = isCertain
        let shardCount = 16
        shards = (0..<shardCount).map { _ in
            Shard(capacity: max(1, capacity / shardCount), memory: memory)
        }
    }

    /// Calls `body` with the token of this digest, if it is here, while its shard is locked.
    func find<Result: ~Copyable & Sendable>(
        _ digest: TokenDigest, _ body: (inout CachedToken) -> Result
    ) -> Result? {
        guard capacity > 0, !isBypassed else { return nil }
        return shard(of: digest).state.withLock { state in
            state.table.withEntry(digest) { entry in
                entry.isRecent = true
                return body(&entry)
            }
        }
    }

    /// Takes the last use of a token that was not yet written; `nil` when there is none or the token is not here.
    func takeUse(_ digest: TokenDigest) -> NumericDate? {
        guard capacity > 0 else { return nil }
        return shard(of: digest).state.withLock { state in
            state.table.withEntry(digest) { $0.takeUse() } ?? nil
        }
    }

    /// Must be taken before the store is asked.
    func ticket(for digest: TokenDigest) -> Ticket {
        guard capacity > 0 else { return Ticket(removals: 0) }
        return shard(of: digest).state.withLock { Ticket(removals: $0.removals) }
    }

    /// Adds a token, unless something of its shard was removed since the ticket was taken.
    func insert(_ entry: CachedToken, ticket: Ticket) {
        guard capacity > 0, !isBypassed else { return }
        shard(of: entry.digest).state.withLock { state in
            guard state.removals == ticket.removals else { return }
            state.table.insert(entry)
        }
    }

    /// The rights of a token, as one object for all tokens that have the same, also when the tokens themselves are not kept. A
    /// token with notes or a consent nearly always has an object of its own.
    func rights(of token: PresentedToken, _ scope: Scope) -> TokenRights {
        guard token.metadata.isEmpty, token.grant == nil else { return TokenRights(of: token, scope) }
        let subject = token.principal.subject
        return rights.withLock { rights in
            let known = rights[subject] ?? []
            if let shared = known.first(where: { $0.isShared(by: token, scope) }) { return shared }
            if known.isEmpty, rights.count >= Self.mostSubjects { rights.removeAll() }
            let new = TokenRights(of: token, scope)
            // A former state of the subject is not asked for again.
            let current = known.filter { $0.principal == token.principal }.suffix(Self.rightsPerSubject - 1)
            rights[subject] = current + [new]
            return new
        }
    }

    /// Forgets what a change of the store concerns. The catalogue tells of scopes itself, once it has read them.
    ///
    /// - Returns: `true` for a cache that was out of use and is used again.
    @discardableResult
    public func forget(_ change: StoreChange) -> Bool {
        switch change {
        case .token(let digest): remove(digest)
        case .account(let owner): remove(owner: owner)
        case .scopes: break
        case .anyToken: removeAll()
        case .everything: return restart()
        case .unheard: bypass()
        }
        return false
    }

    /// Forgets one token.
    func remove(_ digest: TokenDigest) {
        guard capacity > 0 else { return }
        shard(of: digest).state.withLock { state in
            state.removals += 1
            state.table.remove(digest)
        }
    }

    /// Forgets every token of an owner. Looks at every entry: for changes of an account, which are rare.
    func remove(owner: User.ID) {
        guard capacity > 0 else { return }
        for shard in shards {
            shard.state.withLock { state in
                state.removals += 1
                state.table.removeAll { $0.principal.isUser(owner) }
            }
        }
    }

    /// Forgets everything.
    func removeAll() {
        for shard in shards {
            shard.state.withLock { state in
                state.removals += 1
                state.table.removeAll()
            }
        }
    }

    // MARK: While changes made elsewhere are not heard

    /// Indicates that the cache neither finds nor keeps anything, so that every look-up asks the store. Each look-up asks this,
    /// because the change that makes it so may not have been told yet.
    public var isBypassed: Bool { isUnused.load(ordering: .relaxed) || isCertain?() == false }

    /// Puts the cache out of use: a process that cannot be heard may have changed any entry.
    func bypass() { isUnused.store(true, ordering: .releasing) }

    /// Empties the cache and uses it again, once changes are heard: each change of what is looked up after that will be told.
    ///
    /// - Returns: `true` for a cache that ``bypass()`` had put out of use.
    @discardableResult
    func restart() -> Bool {
        // This also makes earlier tickets worthless, and nothing is found before it is done.
        removeAll()
        return isUnused.exchange(false, ordering: .acquiringAndReleasing)
    }

    /// The number of entries.
    public var count: Int {
        shards.reduce(0) { $0 + $1.state.withLock { $0.table.count } }
    }

    private func shard(of digest: TokenDigest) -> Shard {
        shards[Int(truncatingIfNeeded: digest.spread & 15)]
    }
}
