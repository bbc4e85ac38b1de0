/// Keeps users and the hashes of their passwords.
public protocol UserStore: Sendable {
    /// Adds a user. Returns `false`, and changes nothing, when the e-mail address is taken, in whichever spelling.
    func add(_ user: User, passwordHash: String, audit: AuditEvent) async throws(StoreError) -> Bool

    func user(_ id: User.ID) async throws(StoreError) -> User?

    /// The user with this address and the hash of the password (a PHC string).
    func userForLogin(_ email: EmailAddress) async throws(StoreError) -> (user: User, passwordHash: String)?

    func user(email: EmailAddress) async throws(StoreError) -> User?

    /// Users in the order they were made, after `cursor`, at most `limit`.
    func users(after cursor: User.ID?, limit: Int) async throws(StoreError) -> [User]

    /// Users whose e-mail address or username contains this text, without regard to the case of ASCII letters, in the order
    /// they were made, after `cursor`, at most `limit`. Reads as many rows as it takes to find them.
    func users(
        matching text: String, after cursor: User.ID?, limit: Int
    ) async throws(StoreError) -> [User]

    /// Writes username, e-mail address and role. Returns `false` when the user is gone or the address is taken.
    func update(_ user: User, audit: AuditEvent) async throws(StoreError) -> Bool

    /// Replaces the hash of a password; `false` when there is no such user.
    func setPasswordHash(_ hash: String, of user: User.ID, audit: AuditEvent?) async throws(StoreError)
        -> Bool

    /// Changes a password and what hangs on it, all together or not at all.
    ///
    /// Tokens that are revoked already keep the instant of that, and have no event from this.
    ///
    /// - Returns: How many tokens were revoked and sessions ended; `nil`, and nothing changed, when there is no such
    ///   user.
    func changePassword(_ change: PasswordChange) async throws(StoreError) -> PasswordChange.Outcome?

    /// Disables (with the instant in `audit`) or enables an account; disabling ends its sessions in the same
    /// transaction. `false` when there is no such user.
    func setDisabled(_ isDisabled: Bool, user: User.ID, audit: AuditEvent) async throws(StoreError) -> Bool

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
    func remove(_ user: User.ID, audit: AuditEvent) async throws(StoreError) -> Bool
}
