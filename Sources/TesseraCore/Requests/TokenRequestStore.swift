public import TesseraTime

/// Keeps accepted requests for a short while.
public protocol TokenRequestStore: Sendable {
    /// Writes requests, in the order in which they were made.
    func record(_ requests: [TokenRequest]) async throws(StoreError)

    /// Requests that match, newest first, at most `limit`.
    func requests(_ filter: TokenRequestFilter, limit: Int) async throws(StoreError) -> [TokenRequest]

    /// Deletes at most `limit` requests, the oldest first, that were made before this instant or are more than `kept`
    /// requests old; returns how many.
    func pruneRequests(before: NumericDate, keeping kept: Int, limit: Int) async throws(StoreError) -> Int
}
