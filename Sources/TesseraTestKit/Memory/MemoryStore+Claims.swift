import Synchronization
public import TesseraCore
public import TesseraTime

extension MemoryStore: ClaimStore {
    public func claim(_ claim: Claim, at now: NumericDate) async throws(StoreError) -> ClaimOutcome {
        state.withLock { state in
            guard let (earlier, answer) = state.claims[claim.key], earlier.expiresAt > now else {
                state.claims[claim.key] = (claim, nil)
                return .claimed
            }
            return ClaimOutcome(of: claim, after: earlier, answer)
        }
    }

    public func complete(
        _ key: Claim.Key, by holder: Claim.Holder, with answer: ClaimedAnswer
    ) async throws(StoreError) {
        state.withLock { state in
            guard state.isPending(key, of: holder) else { return }
            state.claims[key]?.answer = answer
        }
    }

    public func release(_ key: Claim.Key, by holder: Claim.Holder) async throws(StoreError) {
        state.withLock { state in
            guard state.isPending(key, of: holder) else { return }
            state.claims[key] = nil
        }
    }

    public func pruneClaims(expiredAt now: NumericDate, limit: Int) async throws(StoreError) -> Int {
        state.withLock { state in
            let expired = state.claims.values.map(\.claim).filter { $0.expiresAt <= now }
                .sorted { $0.expiresAt < $1.expiresAt }.prefix(limit)
            for claim in expired { state.claims[claim.key] = nil }
            return expired.count
        }
    }
}

extension MemoryStore.State {
    /// Reports whether this attempt holds the key and has not completed.
    fileprivate func isPending(_ key: Claim.Key, of holder: Claim.Holder) -> Bool {
        claims[key].map { $0.claim.holder == holder && $0.answer == nil } ?? false
    }
}
