public import TesseraCore
public import TesseraCrypto
public import TesseraTime

extension ScopeStore {
    /// Writes an event, beside a change of the catalogue that is about nothing else.
    public func record(_ event: AuditEvent) async throws(StoreError) {
        try await put(ScopeDefinition(.tokensRead, "Read"), audit: event)
    }
}

/// Changes without authorization, for tests of other subjects.
extension UserStore {
    /// Adds a user; `false` if the address is taken.
    public func add(_ user: User, passwordHash: String, audit: AuditEvent) async throws(StoreError) -> Bool {
        try await add(user, passwordHash: passwordHash, by: .system, audit: audit) != nil
    }

    /// Stores the name, the address and the role of a user; `false` if the address is taken.
    public func update(_ user: User, audit: AuditEvent) async throws(StoreError) -> Bool {
        try await update(user, by: .system, audit: audit)
    }

    /// Changes a password; `nil` if the user does not exist.
    public func changePassword(_ change: PasswordChange) async throws(StoreError) -> PasswordChange.Outcome? {
        try await changePassword(change, by: .system)
    }

    /// Disables or enables an account; `false` if it does not exist.
    public func setDisabled(
        _ isDisabled: Bool, user: User.ID, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        try await setDisabled(isDisabled, user: user, by: .system, audit: audit)
    }

    /// Removes an account; `false` if it does not exist.
    public func remove(_ user: User.ID, audit: AuditEvent) async throws(StoreError) -> Bool {
        try await remove(user, by: .system, audit: audit)
    }

    /// The proof of a sign-in, without a check of the password; `nil` if the user does not exist.
    public func proof(of user: User.ID) async throws(StoreError) -> SignInProof? {
        guard let email = try await self.user(user)?.email else { return nil }
        return try await userForLogin(email)
    }
}

extension SessionStore where Self: UserStore {
    /// Starts a session of a user in the present state of the account.
    ///
    /// - Throws: ``StoreError`` if the store refuses the session.
    public func start(_ session: Session, digest: SHA256Digest, audit: AuditEvent) async throws(StoreError) {
        guard let proof = try await proof(of: session.user),
            try await start(session, digest: digest, proof: proof, audit: audit)
        else { throw StoreError(.corrupt, "A fixture's session was not started.") }
    }

    /// Replaces a session; `false` if the old session has ended.
    public func replace(
        _ old: Session.ID, with session: Session, digest: SHA256Digest, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        guard let proof = try await proof(of: session.user) else { return false }
        return try await replace(old, with: session, digest: digest, proof: proof, audit: audit)
    }

    /// Ends a session; `false` if it has ended already.
    public func end(_ session: Session.ID, audit: AuditEvent) async throws(StoreError) -> Bool {
        try await end(session, by: .system, audit: audit)
    }

    /// Ends all sessions of a user except `kept`, and returns their number.
    public func endSessions(
        of user: User.ID, except kept: Session.ID?, audit: AuditEvent
    ) async throws(StoreError) -> Int {
        try await endSessions(of: user, except: kept, by: .system, audit: audit)
    }
}

extension TokenStore {
    /// Stores a token without a limit; `false` if the digest is taken.
    public func insert(
        _ token: AccessToken, digest: TokenDigest, audit: AuditEvent?
    ) async throws(StoreError) -> Bool {
        try await insert(token, digest: digest, limit: nil, audit: audit) == .stored
    }

    /// Stores a token if its owner has fewer than `limit` tokens that have not ended.
    public func insert(
        _ token: AccessToken, digest: TokenDigest, limit: Int?, audit: AuditEvent?
    ) async throws(StoreError) -> InsertionOutcome {
        try await insert(token, digest: digest, limit: limit, by: .system, audit: audit)
    }

    /// Revokes a token.
    public func revoke(_ id: AccessToken.ID, audit: AuditEvent) async throws(StoreError) -> RevocationOutcome
    {
        try await revoke(id, by: .system, audit: audit)
    }

    /// Revokes all tokens of an owner, and returns their number.
    public func revokeTokens(of owner: User.ID, audit: AuditEvent) async throws(StoreError) -> Int {
        try await revokeTokens(of: owner, by: .system, audit: audit)
    }

    /// Changes a token without a limit on its rights.
    public func change(
        _ id: AccessToken.ID, _ change: TokenChange, audit: AuditEvent
    ) async throws(StoreError) -> TokenChangeOutcome {
        try await self.change(id, change, limit: nil, by: .system, audit: audit)
    }

    /// Replaces a token with `successor`.
    public func rotate(
        to successor: AccessToken, digest: TokenDigest, endingOldAt end: NumericDate, audit: AuditEvent
    ) async throws(StoreError) -> RotationOutcome {
        try await rotate(to: successor, digest: digest, endingOldAt: end, by: .system, audit: audit)
    }
}
