import Synchronization
public import TesseraCrypto

/// Verified tokens in memory, bounded, keyed by digest, spread over shards that are locked on their own.
///
/// Its coherence is a promise, not a time-out. Whoever changes what a token may do calls ``remove(_:)`` or one of its
/// siblings after the change is durable and before answering. A look-up that began before that cannot put the old
/// state back: it holds a ``Ticket``, and a removal makes the tickets of the shard worthless.
public final class TokenCache: Sendable {
    /// Two generations: what is used moves to the young one; when that is full, the old one is dropped. So the
    /// entries that go are those that have not been used for longest, without a list to keep.
    private struct State {
        var young: [TokenDigest: VerifiedAccessToken] = [:]
        var old: [TokenDigest: VerifiedAccessToken] = [:]
        var removals: UInt64 = 0
    }

    /// The right to insert what is about to be looked up.
    public struct Ticket: Sendable {
        fileprivate let removals: UInt64
    }

    /// The largest number of entries; 0 for no cache at all.
    public let capacity: Int
    private let generationCapacity: Int
    private let shards: [Mutex<State>.Boxed]

    /// - Parameter capacity: The largest number of entries; 0 for no cache at all.
    public init(capacity: Int) {
        self.capacity = capacity
        let shardCount = 16
        generationCapacity = max(1, (capacity + 2 * shardCount - 1) / (2 * shardCount))
        shards = (0..<shardCount).map { _ in Mutex<State>.Boxed(State()) }
    }

    /// The verified token with this digest, if it is here.
    func find(_ digest: TokenDigest) -> VerifiedAccessToken? {
        guard capacity > 0 else { return nil }
        return shard(of: digest).withLock { state in
            if let entry = state.young[digest] { return entry }
            guard let entry = state.old.removeValue(forKey: digest) else { return nil }
            insert(entry, into: &state)
            return entry
        }
    }

    /// Must be taken before the store is asked.
    func ticket(for digest: TokenDigest) -> Ticket {
        guard capacity > 0 else { return Ticket(removals: 0) }
        return shard(of: digest).withLock { Ticket(removals: $0.removals) }
    }

    /// Adds a token, unless something of its shard was removed since the ticket was taken.
    func insert(_ entry: VerifiedAccessToken, ticket: Ticket) {
        guard capacity > 0 else { return }
        shard(of: entry.digest).withLock { state in
            guard state.removals == ticket.removals else { return }
            insert(entry, into: &state)
        }
    }

    /// Forgets one token.
    public func remove(_ digest: TokenDigest) {
        guard capacity > 0 else { return }
        shard(of: digest).withLock { state in
            state.removals += 1
            state.young[digest] = nil
            state.old[digest] = nil
        }
    }

    /// Forgets every token of an owner. Looks at every entry: for changes of an account, which are rare.
    public func remove(owner: User.ID) {
        for shard in shards {
            shard.withLock { state in
                state.removals += 1
                state.young = state.young.filter { $0.value.owner.id != owner }
                state.old = state.old.filter { $0.value.owner.id != owner }
            }
        }
    }

    /// Forgets everything.
    public func removeAll() {
        for shard in shards {
            shard.withLock { state in
                state = State(removals: state.removals + 1)
            }
        }
    }

    /// The number of entries.
    public var count: Int {
        shards.reduce(0) { $0 + $1.withLock { $0.young.count + $0.old.count } }
    }

    private func insert(_ entry: VerifiedAccessToken, into state: inout State) {
        if state.young.count >= generationCapacity {
            state.old = state.young
            state.young = [:]
        }
        state.young[entry.digest] = entry
    }

    private func shard(of digest: TokenDigest) -> Mutex<State>.Boxed {
        shards[Int(truncatingIfNeeded: digest.spread & 15)]
    }
}

extension Mutex where Value: Sendable {
    /// A mutex in a box, so that several can stand in an array.
    final class Boxed: Sendable {
        private let mutex: Mutex<Value>
        init(_ value: Value) { mutex = Mutex(value) }
        func withLock<Result>(_ body: (inout Value) -> Result) -> Result { mutex.withLock { body(&$0) } }
    }
}
