public import TesseraJOSE

/// Keeps refusals for a few days.
public protocol RefusalStore: Sendable {
    func record(_ refusals: [Refusal]) async throws(StoreError)

    func refusal(_ id: Refusal.ID) async throws(StoreError) -> Refusal?

    /// Deletes at most `limit` refusals from before this instant; returns how many.
    func pruneRefusals(before: NumericDate, limit: Int) async throws(StoreError) -> Int
}
