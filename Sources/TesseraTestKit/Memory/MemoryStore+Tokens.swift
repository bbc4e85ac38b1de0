import Synchronization
public import TesseraCore
public import TesseraCrypto
public import TesseraTime

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
