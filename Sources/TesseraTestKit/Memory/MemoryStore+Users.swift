import Synchronization
public import TesseraCore
public import TesseraTime

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
