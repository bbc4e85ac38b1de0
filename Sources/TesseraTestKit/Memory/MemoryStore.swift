import Synchronization
public import TesseraCore
public import TesseraCrypto
public import TesseraTime

/// A store in plain dictionaries, for tests and as a second implementation of the contract.
///
/// It is not durable, and slow for many entries, because it reads all of them where a database uses an index.
public final class MemoryStore: Sendable {
    struct State {
        /// Each account with a revision, which rises with every change.
        var users: [User.ID: SignInProof] = [:]
        var sessions: [SHA256Digest: Session] = [:]
        var scopes: [ScopeToken: ScopeDefinition] = [:]
        var tokens: [TokenDigest: AccessToken] = [:]
        var refusals: [Refusal.ID: Refusal] = [:]
        var requests: [TokenRequest] = []
        var events: [AuditEvent] = []
        var installationSecrets: [String: [UInt8]] = [:]
        /// The prefixes, with the current one first.
        var tokenPrefixes: [TokenPrefix] = []
        var jobRuns: [JobName: JobRun] = [:]
        var freedAddresses: [EmailAddress: (user: User.ID, at: NumericDate)] = [:]
        var claims: [Claim.Key: (claim: Claim, answer: ClaimedAnswer?)] = [:]

        func digest(of id: AccessToken.ID) -> TokenDigest? { tokens.first { $0.value.id == id }?.key }

        func isTaken(_ email: EmailAddress, exceptBy id: User.ID? = nil, at now: NumericDate) -> Bool {
            users.values.contains { $0.user.email == email && $0.user.id != id }
                || freedAddresses[email].map { $0.user != id && $0.at > now - FreedAddress.wait } ?? false
        }

        /// Reports whether an account has the maximum of reserved addresses, without the one that it wants.
        func keepsTooMany(for id: User.ID, beside wanted: EmailAddress, at now: NumericDate) -> Bool {
            freedAddresses.count { address, kept in
                address != wanted && kept.user == id && kept.at > now - FreedAddress.wait
            } >= FreedAddress.mostPerAccount
        }

        /// Changes an account, and raises its revision.
        mutating func change(_ id: User.ID, hash: String? = nil, _ body: (inout User) -> Void = { _ in }) {
            guard let stored = users[id] else { return }
            var user = stored.user
            body(&user)
            users[id] = SignInProof(
                user: user, passwordHash: hash ?? stored.passwordHash, revision: stored.revision + 1)
        }

        /// Reports whether an account is still in the state of a proof, and active.
        func isProved(_ proof: SignInProof) -> Bool {
            guard let stored = users[proof.user.id] else { return false }
            return stored.user.isActive && stored.passwordHash == proof.passwordHash
                && stored.revision == proof.revision
        }

        /// Reports whether the condition of an authorization holds.
        func holds(_ authorization: Authorization, at now: NumericDate) -> Bool {
            guard let condition = authorization.condition else { return true }
            guard let owner = users[condition.user]?.user else { return false }
            switch condition.credential {
            case .session(let id):
                let session = sessions.values.first { $0.id == id && $0.user == owner.id }
                return session.map { condition.holds(for: $0, of: owner, at: now) } ?? false
            case .token(let id):
                let token = tokens.values.first { $0.id == id && $0.owner == owner.id }
                return token.map { condition.holds(for: $0, of: owner, at: now) } ?? false
            }
        }

        /// Ends at most `limit` of the sessions that match, and returns their number.
        mutating func endSessions(limit: Int = .max, where isOver: (Session) -> Bool) -> Int {
            let ended = sessions.filter { isOver($0.value) }.keys.prefix(limit)
            for digest in ended { sessions[digest] = nil }
            return ended.count
        }

        /// Revokes the tokens of an owner that are not revoked, and returns their number.
        mutating func revokeTokens(of owner: User.ID, _ audit: AuditEvent) -> Int {
            let revoked = tokens.filter { $0.value.owner == owner && $0.value.revokedAt == nil }
                .sorted { $0.value.id < $1.value.id }
            for (number, (digest, token)) in revoked.enumerated() {
                tokens[digest]?.revokedAt = audit.at
                events.append(audit.telling(of: token.id, named: token.name, number: number))
            }
            return revoked.count
        }
    }

    let state = Mutex(State())
    let observers = StoreObservers()

    public init() {}

    /// Makes a change if its authorization holds.
    func changing<Value: Sendable>(
        by authorization: Authorization, at now: NumericDate, _ body: (inout sending State) -> Value
    ) throws(StoreError) -> Value {
        let value: Value? = state.withLock { state in
            state.holds(authorization, at: now) ? body(&state) : nil
        }
        guard let value else { throw .authorizationEnded }
        return value
    }

    /// Changes one token, and reports the change to the observers, depending on the outcome.
    func changing<Value: Sendable>(
        by authorization: Authorization, at now: NumericDate, _ change: (Value) -> StoreChange?,
        _ body: (inout sending State) -> Value
    ) throws(StoreError) -> Value {
        let value = try changing(by: authorization, at: now, body)
        if let change = change(value) { observers.tell(change) }
        return value
    }
}

extension MemoryStore: StoreHealth {
    public func checkReadiness() async throws(StoreError) {}

    /// No other process can change this store, so there are no foreign changes.
    public func observeChanges(includesForeign: Bool, _ handler: @escaping @Sendable (StoreChange) -> Void) {
        observers.add(handler)
    }
}

extension MemoryStore: UserStore {
    /// The store never contains addresses of an earlier version.
    public func settleAddresses() async throws(StoreError) {}

    public func irregularAddresses(limit: Int) async throws(StoreError) -> [IrregularAddress] { [] }

    public func add(
        _ user: User, passwordHash: String, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> SignInProof? {
        try changing(by: authorization, at: audit.at) { state in
            if state.isTaken(user.email, at: audit.at) { return nil }
            let proof = SignInProof(user: user, passwordHash: passwordHash, revision: 0)
            state.users[user.id] = proof
            state.events.append(audit)
            return proof
        }
    }

    public func user(_ id: User.ID) async throws(StoreError) -> User? {
        state.withLock { $0.users[id]?.user }
    }

    public func userForLogin(_ email: EmailAddress) async throws(StoreError) -> SignInProof? {
        state.withLock { $0.users.values.first { $0.user.email == email } }
    }

    public func user(email: EmailAddress) async throws(StoreError) -> User? {
        try await userForLogin(email)?.user
    }

    public func users(after cursor: User.ID?, limit: Int) async throws(StoreError) -> [User] {
        state.withLock { state in
            let users = state.users.values.map(\.user).filter { user in cursor.map { user.id > $0 } ?? true }
            return Array(users.sorted { $0.id < $1.id }.prefix(limit))
        }
    }

    public func users(
        matching text: String, after cursor: User.ID?, limit: Int
    ) async throws(StoreError) -> [User] {
        func lowered(_ text: String) -> [UInt8] { text.utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 } }
        let wanted = lowered(text)
        let matching = try await users(after: cursor, limit: .max).filter { user in
            [user.email.key, user.email.text, user.username].contains {
                wanted.isEmpty || lowered($0).contains(wanted)
            }
        }
        return Array(matching.prefix(limit))
    }

    public func update(
        _ user: User, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        defer { observers.tell(.account(user.id)) }
        return try changing(by: authorization, at: audit.at) { state in
            guard let stored = state.users[user.id] else { return false }
            var event = audit
            let (old, new) = (stored.user.email, user.email)
            if old != new {
                guard !state.isTaken(new, exceptBy: user.id, at: audit.at),
                    !state.keepsTooMany(for: user.id, beside: new, at: audit.at)
                else { return false }
                event = audit.telling(ofAddressFrom: old, to: new)
                state.freedAddresses[new] = nil
                state.freedAddresses[old] = (user.id, audit.at)
            }
            state.change(user.id) { stored in
                stored.email = new
                stored.username = user.username
                stored.isOperator = user.isOperator
            }
            state.events.append(event)
            return true
        }
    }

    public func pruneFreedAddresses(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        state.withLock { state in
            let old = state.freedAddresses.filter { $0.value.at < before }.keys.prefix(limit)
            for address in old { state.freedAddresses[address] = nil }
            return old.count
        }
    }

    public func rehash(
        _ proof: SignInProof, to hash: String
    ) async throws(StoreError) -> SignInProof? {
        state.withLock { state in
            guard state.isProved(proof) else { return nil }
            state.change(proof.user.id, hash: hash)
            return state.users[proof.user.id]
        }
    }

    public func changePassword(
        _ change: PasswordChange, by authorization: Authorization
    ) async throws(StoreError) -> PasswordChange.Outcome? {
        defer { if change.revocation != nil { observers.tell(.account(change.user)) } }
        return try changing(by: authorization, at: change.audit.at) { state in
            guard change.proof.map(state.isProved) ?? true else { return nil }
            state.change(change.user, hash: change.hash)
            guard let proof = state.users[change.user] else { return nil }
            let ended = state.endSessions { session in
                switch change.endedSessions {
                case .all: session.user == change.user
                case .only(let id): session.user == change.user && session.id == id
                }
            }
            state.events.append(change.audit)
            let revoked = change.revocation.map { state.revokeTokens(of: change.user, $0) } ?? 0
            return PasswordChange.Outcome(revokedTokens: revoked, endedSessions: ended, proof: proof)
        }
    }

    public func setDisabled(
        _ isDisabled: Bool, user: User.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        defer { observers.tell(.account(user)) }
        return try changing(by: authorization, at: audit.at) { state in
            guard state.users[user] != nil else { return false }
            state.change(user) { $0.disabledAt = isDisabled ? $0.disabledAt ?? audit.at : nil }
            if isDisabled { _ = state.endSessions { $0.user == user } }
            state.events.append(audit)
            return true
        }
    }

    public func remove(
        _ user: User.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        defer { observers.tell(.account(user)) }
        return try changing(by: authorization, at: audit.at) { state in
            guard state.users.removeValue(forKey: user) != nil else { return false }
            _ = state.endSessions { $0.user == user }
            state.tokens = state.tokens.filter { $0.value.owner != user }
            state.events.append(audit)
            return true
        }
    }
}

extension MemoryStore: SessionStore {
    public func start(
        _ session: Session, digest: SHA256Digest, proof: SignInProof, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        state.withLock { state in
            guard state.isProved(proof) else { return false }
            state.sessions[digest] = session
            state.events.append(audit)
            return true
        }
    }

    public func replace(
        _ old: Session.ID, with session: Session, digest: SHA256Digest, proof: SignInProof,
        audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        state.withLock { state in
            guard state.isProved(proof), state.endSessions(where: { $0.id == old }) == 1 else { return false }
            state.sessions[digest] = session
            state.events.append(audit)
            return true
        }
    }

    public func session(
        _ digest: SHA256Digest
    ) async throws(StoreError) -> (session: Session, user: User)? {
        state.withLock { state in
            guard let session = state.sessions[digest], let user = state.users[session.user]?.user else {
                return nil
            }
            return (session, user)
        }
    }

    public func sessions(of user: User.ID, limit: Int) async throws(StoreError) -> [Session] {
        state.withLock { state in
            Array(state.sessions.values.filter { $0.user == user }.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    public func noteSeen(_ sessions: [Session.ID: NumericDate]) async throws(StoreError) {
        state.withLock { state in
            for (digest, session) in state.sessions {
                guard let seen = sessions[session.id], seen > session.lastSeenAt else { continue }
                state.sessions[digest]?.lastSeenAt = seen
            }
        }
    }

    public func end(
        _ session: Session.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        try changing(by: authorization, at: audit.at) { state in
            guard state.endSessions(where: { $0.id == session }) == 1 else { return false }
            state.events.append(audit)
            return true
        }
    }

    public func endSessions(
        of user: User.ID, except kept: Session.ID?, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Int {
        try changing(by: authorization, at: audit.at) { state in
            let count = state.endSessions { $0.user == user && $0.id != kept }
            if count > 0 { state.events.append(audit) }
            return count
        }
    }

    public func pruneSessions(
        expiredBefore: NumericDate, unseenSince: NumericDate, limit: Int
    ) async throws(StoreError) -> Int {
        state.withLock { state in
            state.endSessions(limit: limit) { $0.expiresAt < expiredBefore || $0.lastSeenAt < unseenSince }
        }
    }
}

extension MemoryStore: InstallationStore {
    public func installationSecret(
        _ name: String, otherwise drawn: [UInt8]
    ) async throws(StoreError) -> [UInt8] {
        state.withLock { state in
            let secret = state.installationSecrets[name] ?? drawn
            state.installationSecrets[name] = secret
            return secret
        }
    }

    public func tokenPrefixes() async throws(StoreError) -> [TokenPrefix] {
        state.withLock { $0.tokenPrefixes }
    }

    public func noteTokenPrefix(_ prefix: TokenPrefix, chosenAt: NumericDate?) async throws(StoreError) {
        state.withLock { state in
            if chosenAt != nil {
                state.tokenPrefixes.removeAll { $0 == prefix }
                state.tokenPrefixes.insert(prefix, at: 0)
            } else if !state.tokenPrefixes.contains(prefix) {
                state.tokenPrefixes.append(prefix)
            }
        }
    }
}

extension MemoryStore: ScopeStore {
    public func scopes() async throws(StoreError) -> [ScopeDefinition] {
        state.withLock { state in state.scopes.values.sorted { $0.name < $1.name } }
    }

    public func put(_ scope: ScopeDefinition, audit: AuditEvent) async throws(StoreError) {
        defer { observers.tell(.scopes) }
        state.withLock { state in
            state.scopes[scope.name] = scope
            state.events.append(audit)
        }
    }

    public func removeScope(_ name: ScopeToken, audit: AuditEvent) async throws(StoreError) -> Bool {
        defer { observers.tell(.scopes) }
        return state.withLock { state in
            guard state.scopes.removeValue(forKey: name) != nil else { return false }
            state.events.append(audit)
            return true
        }
    }
}

extension MemoryStore: TokenStore {
    public func insert(
        _ token: AccessToken, digest: TokenDigest, limit: Int?, by authorization: Authorization,
        audit: AuditEvent?
    ) async throws(StoreError) -> InsertionOutcome {
        let now = audit?.at ?? token.createdAt
        let outcome: InsertionOutcome? = try changing(by: authorization, at: now) { state in
            if let limit, token.owner != nil {
                let living = state.tokens.values.count {
                    $0.owner == token.owner && $0.isAlive(at: token.createdAt)
                }
                if living >= limit { return .tooMany }
            }
            guard state.tokens[digest] == nil else { return .digestTaken }
            if let owner = token.owner, state.users[owner] == nil { return nil }
            state.tokens[digest] = token
            if let audit { state.events.append(audit) }
            return .stored
        }
        guard let outcome else { throw StoreError(.corrupt, "The token's owner is missing.") }
        return outcome
    }

    public func find(_ digest: TokenDigest) async throws(StoreError) -> StoredToken? {
        state.withLock { state in
            guard let token = state.tokens[digest] else { return nil }
            switch token.subject {
            case .client(let id): return StoredToken(token: token, principal: .client(id))
            case .user(let id):
                return state.users[id].map { StoredToken(token: token, principal: .user($0.user)) }
            }
        }
    }

    public func token(_ id: AccessToken.ID) async throws(StoreError) -> AccessToken? {
        state.withLock { state in state.tokens.values.first { $0.id == id } }
    }

    public func tokens(
        of owner: User.ID?, before cursor: AccessToken.ID?, limit: Int
    ) async throws(StoreError) -> [AccessToken] {
        state.withLock { state in
            let tokens = state.tokens.values.filter { token in
                (owner.map { token.owner == $0 } ?? true) && (cursor.map { token.id < $0 } ?? true)
            }
            return Array(tokens.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    public func revoke(
        _ id: AccessToken.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> RevocationOutcome {
        try changing(by: authorization, at: audit.at, \.change) { state in
            guard let digest = state.digest(of: id) else { return .unknown }
            guard state.tokens[digest]?.revokedAt == nil else { return .already }
            state.tokens[digest]?.revokedAt = audit.at
            state.events.append(audit)
            return .revoked(digest)
        }
    }

    public func noteUses(_ uses: [AccessToken.ID: TokenUse]) async throws(StoreError) {
        state.withLock { state in
            for (digest, token) in state.tokens {
                guard let use = uses[token.id], token.lastUsedAt.map({ use.at > $0 }) ?? true else {
                    continue
                }
                state.tokens[digest]?.lastUsedAt = use.at
                state.tokens[digest]?.lastUsedFrom = use.from
            }
        }
    }

    public func pruneTokens(deadBefore: NumericDate, limit: Int) async throws(StoreError) -> Int {
        state.withLock { state in
            let dead = state.tokens.filter { entry in
                [entry.value.expiresAt, entry.value.revokedAt].contains {
                    $0.map { $0 < deadBefore } ?? false
                }
            }
            let pruned = dead.keys.prefix(limit)
            for digest in pruned { state.tokens[digest] = nil }
            return pruned.count
        }
    }
}

extension MemoryStore: RefusalStore {
    public func record(_ refusals: [Refusal]) async throws(StoreError) {
        state.withLock { state in
            for refusal in refusals { state.refusals[refusal.id] = refusal }
        }
    }

    public func refusal(_ id: Refusal.ID) async throws(StoreError) -> Refusal? {
        state.withLock { $0.refusals[id] }
    }

    public func refusals(_ filter: RefusalFilter, limit: Int) async throws(StoreError) -> [Refusal] {
        state.withLock { state in
            let matching = state.refusals.values.filter(filter.matches)
            return Array(matching.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    public func pruneRefusals(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        state.withLock { state in
            let old = state.refusals.filter { $0.value.at < before }.keys.prefix(limit)
            for id in old { state.refusals[id] = nil }
            return old.count
        }
    }
}

extension MemoryStore: AuditStore {
    public func events(
        concerning user: User.ID?, before cursor: AuditEvent.ID?, limit: Int
    ) async throws(StoreError) -> [AuditEvent] {
        state.withLock { state in
            let events = state.events.filter { event in
                (user.map { event.user == $0 } ?? true) && (cursor.map { event.id < $0 } ?? true)
            }
            return Array(events.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    public func lastEvent(
        _ action: AuditEvent.Action, concerning user: User.ID
    ) async throws(StoreError) -> AuditEvent? {
        state.withLock { state in
            state.events.filter { $0.action == action && $0.user == user }.max { $0.id < $1.id }
        }
    }

    public func revocation(of token: AccessToken.ID) async throws(StoreError) -> AuditEvent? {
        state.withLock { state in
            state.events.filter { $0.action == .tokenRevoked && $0.token == token }.max { $0.id < $1.id }
        }
    }

    public func pruneEvents(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        state.withLock { state in
            let old = Set(state.events.filter { $0.at < before }.prefix(limit).map(\.id))
            state.events.removeAll { old.contains($0.id) }
            return old.count
        }
    }
}
