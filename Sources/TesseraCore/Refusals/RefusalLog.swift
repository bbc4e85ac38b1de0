import Synchronization
public import TesseraTime

/// Collects refusals and writes them in batches; under a flood it keeps a sample.
///
/// Every refusal gets an identifier. Up to a number each second are kept so that they can be explained; the rest are
/// only counted, by cause. Refusals whose owner is known are what people ask about, and have a share of their own, so
/// that a flood of garbage does not hide them.
public final class RefusalLog: Sendable {
    private struct State {
        var pending: [Refusal] = []
        var second: Int64 = 0
        var keptAnonymous = 0
        var keptOwned = 0
        /// In the order of ``RefusalCause/allCases``.
        var counts = [Int](repeating: 0, count: RefusalCause.allCases.count)
        var dropped = 0
    }

    private let anonymousPerSecond: Int
    private let ownedPerSecond: Int
    private let store: any RefusalStore
    private let state = Mutex(State())

    /// - Parameters:
    ///   - anonymousPerSecond: The number of refusals without a known owner that are kept each second.
    ///   - ownedPerSecond: The number of refusals with an owner that are kept each second.
    public init(store: any RefusalStore, anonymousPerSecond: Int = 50, ownedPerSecond: Int = 200) {
        self.store = store
        self.anonymousPerSecond = anonymousPerSecond
        self.ownedPerSecond = ownedPerSecond
    }

    /// Reports whether a refusal at this instant will be kept, and counts it in either case. The caller asks first, so that a flood
    /// does not cost the description of refusals that are dropped.
    public func admit(_ cause: RefusalCause, isOwned: Bool, at now: NumericDate) -> Bool {
        state.withLock { state in
            state.counts[cause.ordinal] += 1
            if state.second != now.seconds {
                state.second = now.seconds
                state.keptAnonymous = 0
                state.keptOwned = 0
            }
            let isKept: Bool
            if isOwned {
                state.keptOwned += 1
                isKept = state.keptOwned <= ownedPerSecond
            } else {
                state.keptAnonymous += 1
                isKept = state.keptAnonymous <= anonymousPerSecond
            }
            if !isKept { state.dropped += 1 }
            return isKept
        }
    }

    /// Keeps a refusal that was admitted, until the next batch.
    public func keep(_ refusal: Refusal) {
        state.withLock { state in
            // A store that has been away for long must not fill the memory.
            guard state.pending.count < 10_000 else {
                state.dropped += 1
                return
            }
            state.pending.append(refusal)
        }
    }

    /// Finds a refusal, also one that is not written yet.
    public func find(_ id: Refusal.ID) async throws(StoreError) -> Refusal? {
        if let pending = state.withLock({ $0.pending.last { $0.id == id } }) { return pending }
        return try await store.refusal(id)
    }

    /// Writes what has been collected. What cannot be written stays.
    ///
    /// - Returns: The number of refusals written.
    @discardableResult
    public func flush() async throws(StoreError) -> Int {
        let batch = state.withLock { $0.pending }
        guard !batch.isEmpty else { return 0 }
        try await store.record(batch)
        state.withLock { $0.pending.removeFirst(batch.count) }
        return batch.count
    }

    /// The number of refusals that wait to be written.
    public var count: Int { state.withLock { $0.pending.count } }

    /// The numbers of refusals since the start, by cause.
    public var counts: [RefusalCause: Int] {
        let counts = state.withLock { $0.counts }
        return Dictionary(uniqueKeysWithValues: zip(RefusalCause.allCases, counts))
    }

    /// The number of refusals since the start that were counted and not kept.
    public var droppedCount: Int { state.withLock { $0.dropped } }
}
