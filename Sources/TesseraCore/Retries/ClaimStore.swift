public import TesseraTime

/// Keeps which keys are claimed, so that a repeated request creates nothing.
public protocol ClaimStore: Sendable {
    /// Claims a key if it is free, or if the claim on it has expired. Of several attempts at once, exactly one claims it.
    ///
    /// - Parameter now: The instant at which an earlier claim must be alive to count.
    func claim(_ claim: Claim, at now: NumericDate) async throws(StoreError) -> ClaimOutcome

    /// Remembers what was answered to the attempt that holds the key. Does nothing when another attempt holds it, or it is
    /// completed already.
    func complete(
        _ key: Claim.Key, by holder: Claim.Holder, with answer: ClaimedAnswer
    ) async throws(StoreError)

    /// Frees a key, because the attempt has created nothing. Does nothing when another attempt holds it, or it is completed
    /// already.
    func release(_ key: Claim.Key, by holder: Claim.Holder) async throws(StoreError)

    /// Deletes at most `limit` claims that have expired at this instant, the oldest first; returns how many.
    func pruneClaims(expiredAt now: NumericDate, limit: Int) async throws(StoreError) -> Int
}
