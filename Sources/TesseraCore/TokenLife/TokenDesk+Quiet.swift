public import TesseraTime

extension TokenDesk {
    /// The largest number of overlapping tokens that are looked at, those that end first.
    private static let mostOverlaps = 5_000

    /// Ends replaced tokens that nothing uses any more, as the policy says; each with its event.
    ///
    /// - Parameter limit: The largest number of tokens to end.
    /// - Returns: The number of tokens ended.
    public func endQuietOverlaps(at now: NumericDate, limit: Int) async throws(StoreError) -> Int {
        let overlaps = try await store.overlappingTokens(at: now, limit: Self.mostOverlaps)
        var ended = 0
        for overlap in overlaps where ended < limit && policy.isQuiet(overlap, at: now) {
            let old = overlap.old
            let event = AuditEvent(
                identifiers.next(at: now), .tokenEnded, by: .system, user: old.owner, token: old.id,
                subject: old.name.text, at: now)
            let change = TokenChange(expiry: .at(now), onlyReduces: true)
            let outcome = try await store.change(old.id, change, limit: nil, by: .system, audit: event)
            // Another process may have ended the token meanwhile.
            if case .changed = outcome { ended += 1 }
        }
        return ended
    }
}
