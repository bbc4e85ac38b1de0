public import TesseraCore
public import TesseraHTTP

extension Authority {
    /// Writes the name, address and role of an account for a caller.
    ///
    /// The address is what its person signs in with. Whoever changes it can therefore keep the account, and proves with the
    /// password that it is theirs: a session needs a fresh one, and a token cannot change an address at all. The account's
    /// activity names both addresses.
    ///
    /// - Parameter user: The account as it is to be.
    /// - Returns: `false` when the account is gone, when its address is taken, or when it has changed its address too often; see
    ///   ``Accounts/update(_:by:from:at:)``.
    /// - Throws: ``Refused`` for a caller without a fresh password, ``StoreError``.
    public func update(
        _ user: User, for caller: Caller, _ request: Request
    ) async throws -> Bool {
        let now = clock.now
        guard let present = try await store.user(user.id) else { return false }
        if present.email != user.email {
            switch caller {
            case .session(let session, _) where isFresh(session, at: now): break
            case .session(_, let person): throw Refused.signInTooOld(owner: person.id)
            case .token:
                throw Refused.notPermitted(
                    caller,
                    "A token cannot change an e-mail address. Sign in, and change it with your password")
            }
        }
        return try await accounts.update(user, by: caller.authorization, from: request.peer.host, at: now)
    }
}
