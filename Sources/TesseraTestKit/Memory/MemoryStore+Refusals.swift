import Synchronization
public import TesseraCore
public import TesseraTime

extension MemoryStore: RefusalStore {
    public func record(_ refusals: [Refusal]) async throws(StoreError) {
        state.withLock { state in
            for refusal in refusals { state.refusals[refusal.id] = refusal }
        }
    }

    public func refusal(_ id: Refusal.ID) async throws(StoreError) -> Refusal? {
        state.withLock { $0.refusals[id] }
    }

    public func refusals(_ filter: RefusalFilter, limit: Int) async throws(StoreError) -> [Refusal] {
        state.withLock { state in
            let matching = state.refusals.values.filter(filter.matches)
            return Array(matching.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    public func pruneRefusals(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        state.withLock { state in
            let old = state.refusals.filter { $0.value.at < before }.keys.prefix(limit)
            for id in old { state.refusals[id] = nil }
            return old.count
        }
    }
}
