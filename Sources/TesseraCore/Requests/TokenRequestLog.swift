import Synchronization
public import TesseraTime

/// Collects requests with tokens, as many as a budget allows, and writes them in batches.
///
/// All callers share the budget, which is spread over each second, so that the requests that are kept are a sample of the whole
/// second. Beyond the budget, a request costs one look at a number.
public final class TokenRequestLog: Sendable {
    /// The largest number of rows that are kept.
    public static let capacity = 250_000
    /// Into how many parts a second is cut, each with its share of the budget.
    private static let slicesPerSecond: Int64 = 10
    /// The bits of ``budget`` that count what the slice has admitted; above stands the number of the slice.
    private static let countBits: UInt64 = 20

    /// The largest number of requests that are kept in a second.
    public let perSecond: Int
    private let perSlice: UInt64
    private let store: any TokenRequestStore
    /// Which slice it is, and how many it has admitted.
    private let budget = Atomic<UInt64>(0)
    /// The last instant at which the budget was used up, in milliseconds since 1970; 0 for never.
    private let usedUp = Atomic<Int64>(0)
    private let pending = Mutex<[TokenRequest]>([])

    /// - Parameter perSecond: The number of requests that are kept each second; 0 for none, and otherwise no fewer than 10.
    public init(store: any TokenRequestStore, perSecond: Int) {
        self.store = store
        self.perSecond = perSecond
        perSlice = perSecond <= 0 ? 0 : UInt64(min(max(1, perSecond / Int(Self.slicesPerSecond)), 1 << 19))
    }

    /// Reports whether a request at this instant will be kept. The caller asks before it makes a value of the request.
    public func admit(at now: NumericDate) -> Bool {
        let slice = UInt64(bitPattern: now.milliseconds / (1_000 / Self.slicesPerSecond)) << Self.countBits
        var known = budget.load(ordering: .relaxed)
        while true {
            let count = known & ~(1 << Self.countBits - 1) == slice ? known - slice : 0
            if count >= perSlice { return false }
            let (isExchanged, original) = budget.compareExchange(
                expected: known, desired: slice + count + 1, ordering: .relaxed)
            if isExchanged {
                if count + 1 == perSlice { usedUp.store(now.milliseconds, ordering: .relaxed) }
                return true
            }
            known = original
        }
    }

    /// Keeps a request that was admitted, until the next batch.
    public func keep(_ request: TokenRequest) {
        pending.withLock { pending in
            // A store that has been away for long must not fill the memory.
            if pending.count < 10_000 { pending.append(request) }
        }
    }

    /// Writes what has been collected. What cannot be written stays.
    ///
    /// - Returns: The number of requests written.
    @discardableResult
    public func flush() async throws(StoreError) -> Int {
        let batch = pending.withLock { $0 }
        guard !batch.isEmpty else { return 0 }
        try await store.record(batch)
        pending.withLock { $0.removeFirst(batch.count) }
        return batch.count
    }

    /// The number of requests that wait to be written.
    public var count: Int { pending.withLock { $0.count } }

    /// The last instant at which the budget was used up; `nil` for never since the start.
    public var lastUsedUp: NumericDate? {
        let instant = usedUp.load(ordering: .relaxed)
        return instant == 0 ? nil : NumericDate(milliseconds: instant)
    }
}
