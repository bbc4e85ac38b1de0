import Synchronization
public import TesseraCore
public import TesseraTime

extension MemoryStore: TokenRequestStore {
    public func record(_ requests: [TokenRequest]) async throws(StoreError) {
        state.withLock { $0.requests += requests }
    }

    public func requests(
        _ filter: TokenRequestFilter, limit: Int
    ) async throws(StoreError) -> [TokenRequest] {
        state.withLock { state in
            Array(state.requests.filter(filter.matches).sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    public func pruneRequests(
        before: NumericDate, keeping kept: Int, limit: Int
    ) async throws(StoreError) -> Int {
        state.withLock { state in
            let surplus = max(0, state.requests.count - kept)
            let old = state.requests.enumerated().prefix(limit)
                .filter { index, request in request.at < before || index < surplus }
            for (index, _) in old.reversed() { state.requests.remove(at: index) }
            return old.count
        }
    }
}
