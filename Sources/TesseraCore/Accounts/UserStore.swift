public import TesseraTime

/// Keeps users and the hashes of their passwords.
public protocol UserStore: Sendable {
    /// Adds a user. Returns `nil`, and changes nothing, when the e-mail address is taken: another account has it, in any spelling,
    /// or gave it up less than ``FreedAddress/wait`` before the instant of `audit`.
    ///
    /// - Returns: The state of the new account, for its first session.
    func add(
        _ user: User, passwordHash: String, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> SignInProof?

    /// Returns the user with this identifier, in any state.
    func user(_ id: User.ID) async throws(StoreError) -> User?

    /// The user with this address, the hash of the password and the state of the account: a proof, once the password is
    /// verified.
    func userForLogin(_ email: EmailAddress) async throws(StoreError) -> SignInProof?

    /// Returns the user with this address in any spelling, in any state.
    func user(email: EmailAddress) async throws(StoreError) -> User?

    /// Users in the order they were made, after `cursor`, at most `limit`.
    func users(after cursor: User.ID?, limit: Int) async throws(StoreError) -> [User]

    /// Users whose e-mail address or username contains this text, without regard to the case of ASCII letters, in the order
    /// they were made, after `cursor`, at most `limit`. Reads as many rows as it takes to find them.
    func users(
        matching text: String, after cursor: User.ID?, limit: Int
    ) async throws(StoreError) -> [User]

    /// Writes username, e-mail address and role. An address that is given up is kept for the account from the instant of `audit`
    /// on, and the event names it and the new one; see ``AuditEvent/telling(ofAddressFrom:to:)``.
    ///
    /// - Returns: `false`, and nothing changed, when the user is gone, when the new address is taken, as for
    ///   ``add(_:passwordHash:by:audit:)``, or when ``FreedAddress/mostPerAccount`` addresses besides it are kept for the
    ///   account.
    func update(
        _ user: User, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool

    /// Stores another hash of the same password, if the account is still in the state of `proof`.
    ///
    /// - Returns: The state of the account after that; `nil`, and nothing changed, when it was in another.
    func rehash(_ proof: SignInProof, to hash: String) async throws(StoreError) -> SignInProof?

    /// Changes a password and ends the sessions and tokens that the change names, all together or not at all.
    ///
    /// Tokens that are revoked already keep the instant of that, and have no event from this.
    ///
    /// - Returns: The numbers of tokens revoked and sessions ended; `nil`, and nothing changed, when there is no such
    ///   user, or the account is no longer in the state of the change's ``PasswordChange/proof``.
    func changePassword(
        _ change: PasswordChange, by authorization: Authorization
    ) async throws(StoreError) -> PasswordChange.Outcome?

    /// Disables (with the instant in `audit`) or enables an account; disabling ends its sessions in the same
    /// transaction. `false` when there is no such user.
    func setDisabled(
        _ isDisabled: Bool, user: User.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool

    /// Puts accounts that an earlier version stored under the keys of their addresses.
    ///
    /// Of several accounts with one key, the one that has stood under it already gets it, or else the oldest. The others stay
    /// under the spelling that was stored, are found by it alone, and are reported by ``irregularAddresses(limit:)``. Does
    /// nothing where nothing is left to do, and then costs one look-up.
    ///
    /// - Throws: ``StoreError`` when there is such an account and the library that knows Unicode is missing.
    func settleAddresses() async throws(StoreError)

    /// The accounts that do not stand under the key of their address, oldest first, at most `limit`.
    func irregularAddresses(limit: Int) async throws(StoreError) -> [IrregularAddress]

    /// Removes a user with all their tokens and sessions. `false` when there is no such user.
    ///
    /// Their address is free at once: the operator who removes an account decides about its address as well.
    func remove(
        _ user: User.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool

    /// Deletes at most `limit` addresses that were given up before this instant from those that are kept; returns how many.
    func pruneFreedAddresses(before: NumericDate, limit: Int) async throws(StoreError) -> Int
}
