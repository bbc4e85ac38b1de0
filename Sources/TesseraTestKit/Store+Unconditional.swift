public import TesseraCore
public import TesseraCrypto
public import TesseraTime

extension ScopeStore {
    /// Writes an event, beside a change of the catalogue that is about nothing else.
    public func record(_ event: AuditEvent) async throws(StoreError) {
        try await put(ScopeDefinition(.tokensRead, "Read"), audit: event)
    }
}

/// Changes without a condition, for tests that are about something else.
extension UserStore {
    public func add(_ user: User, passwordHash: String, audit: AuditEvent) async throws(StoreError) -> Bool {
        try await add(user, passwordHash: passwordHash, by: .system, audit: audit) != nil
    }

    public func update(_ user: User, audit: AuditEvent) async throws(StoreError) -> Bool {
        try await update(user, by: .system, audit: audit)
    }

    public func changePassword(
        _ change: PasswordChange
    ) async throws(StoreError) -> PasswordChange.Outcome? {
        try await changePassword(change, by: .system)
    }

    public func setDisabled(
        _ isDisabled: Bool, user: User.ID, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        try await setDisabled(isDisabled, user: user, by: .system, audit: audit)
    }

    public func remove(_ user: User.ID, audit: AuditEvent) async throws(StoreError) -> Bool {
        try await remove(user, by: .system, audit: audit)
    }

    /// The state of an account, as if its password had just been verified.
    public func proof(of user: User.ID) async throws(StoreError) -> SignInProof? {
        guard let email = try await self.user(user)?.email else { return nil }
        return try await userForLogin(email)
    }
}

extension SessionStore where Self: UserStore {
    /// Starts a session of a user as they are now.
    ///
    /// - Throws: ``StoreError`` when that is refused.
    public func start(
        _ session: Session, digest: SHA256Digest, audit: AuditEvent
    ) async throws(StoreError) {
        guard let proof = try await proof(of: session.user),
            try await start(session, digest: digest, proof: proof, audit: audit)
        else { throw StoreError(.corrupt, "A fixture's session was not started.") }
    }

    public func replace(
        _ old: Session.ID, with session: Session, digest: SHA256Digest, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        guard let proof = try await proof(of: session.user) else { return false }
        return try await replace(old, with: session, digest: digest, proof: proof, audit: audit)
    }

    public func end(_ session: Session.ID, audit: AuditEvent) async throws(StoreError) -> Bool {
        try await end(session, by: .system, audit: audit)
    }

    public func endSessions(
        of user: User.ID, except kept: Session.ID?, audit: AuditEvent
    ) async throws(StoreError) -> Int {
        try await endSessions(of: user, except: kept, by: .system, audit: audit)
    }
}

extension TokenStore {
    /// Stores a token, however many its owner has; `false` when its digest is taken.
    public func insert(
        _ token: AccessToken, digest: TokenDigest, audit: AuditEvent?
    ) async throws(StoreError) -> Bool {
        try await insert(token, digest: digest, limit: nil, audit: audit) == .stored
    }

    public func insert(
        _ token: AccessToken, digest: TokenDigest, limit: Int?, audit: AuditEvent?
    ) async throws(StoreError) -> InsertionOutcome {
        try await insert(token, digest: digest, limit: limit, by: .system, audit: audit)
    }

    public func revoke(
        _ id: AccessToken.ID, audit: AuditEvent
    ) async throws(StoreError) -> RevocationOutcome {
        try await revoke(id, by: .system, audit: audit)
    }

    public func revokeTokens(of owner: User.ID, audit: AuditEvent) async throws(StoreError) -> Int {
        try await revokeTokens(of: owner, by: .system, audit: audit)
    }

    public func change(
        _ id: AccessToken.ID, _ change: TokenChange, audit: AuditEvent
    ) async throws(StoreError) -> TokenChangeOutcome {
        try await self.change(id, change, limit: nil, by: .system, audit: audit)
    }

    public func rotate(
        to successor: AccessToken, digest: TokenDigest, endingOldAt end: NumericDate, audit: AuditEvent
    ) async throws(StoreError) -> RotationOutcome {
        try await rotate(
            to: successor, digest: digest, endingOldAt: end, by: .system, audit: audit)
    }
}
