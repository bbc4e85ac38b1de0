public import TesseraTime

/// Answers that say a token *is already* as was asked for.
///
/// Another process made it so, and this one may not have heard of it yet. So each of these answers forgets the token
/// first: after it, no check goes on accepting what it calls dead.
extension TokenDesk {
    /// The reason for which a token cannot be changed or replaced; `nil` for none. A token with a conflict is forgotten before
    /// this returns.
    ///
    /// - Throws: ``StoreError``.
    public func conflict(
        of token: AccessToken, at now: NumericDate
    ) async throws(StoreError) -> TokenConflict? {
        guard let conflict = TokenConflict(of: token, at: now) else { return nil }
        try await recall(token)
        return conflict
    }

    /// The conflict that stands in the way of a change which the store has refused.
    func refusal(of token: AccessToken, at now: NumericDate) async throws(StoreError) -> TokenConflict {
        try await recall(token)
        return TokenConflict(of: token, at: now) ?? .gone
    }

    /// Lets all observers of the store forget a token: the next check reads its present state.
    func recall(_ token: AccessToken) async throws(StoreError) {
        try await store.recall(token.id, of: token.owner)
    }
}
