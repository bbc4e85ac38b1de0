import Synchronization
public import TesseraCore
public import TesseraCrypto
public import TesseraTime

/// Changes of existing tokens.
extension MemoryStore {
    public func recall(
        _ id: AccessToken.ID, of owner: User.ID?
    ) async throws(StoreError) -> TokenDigest? {
        let digest = state.withLock { $0.digest(of: id) }
        observers.tell(digest.map { .token($0) } ?? owner.map { .account($0) } ?? .anyToken)
        return digest
    }

    public func revokeTokens(
        of owner: User.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Int {
        defer { observers.tell(.account(owner)) }
        return try changing(by: authorization, at: audit.at) { $0.revokeTokens(of: owner, audit) }
    }

    public func change(
        _ id: AccessToken.ID, _ change: TokenChange, limit: Scope?, by authorization: Authorization,
        audit: AuditEvent
    ) async throws(StoreError) -> TokenChangeOutcome {
        try changing(by: authorization, at: audit.at, \.change) { state in
            guard let (digest, token) = state.tokens.first(where: { $0.value.id == id }) else {
                return .unknown
            }
            if let refusal = change.refusal(of: token, limit: limit, at: audit.at) { return refusal }
            let changed = change.applied(to: token, at: audit.at)
            state.tokens[digest] = changed
            state.events.append(audit)
            return .changed(changed, digest)
        }
    }

    public func rotate(
        to successor: AccessToken, digest: TokenDigest, endingOldAt end: NumericDate,
        by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> RotationOutcome {
        try changing(by: authorization, at: audit.at, \.change) { state in
            guard let (oldDigest, token) = state.tokens.first(where: { $0.value.id == successor.replaces })
            else { return .unknown }
            guard token.canBeReplaced(at: audit.at) else { return .refused(token) }
            guard state.tokens[digest] == nil else { return .digestTaken }
            var old = token
            old.replacedBy = successor.id
            old.expiresAt = token.expiresAt.map { min($0, end) } ?? end
            state.tokens[oldDigest] = old
            state.tokens[digest] = successor
            state.events.append(audit)
            return .rotated(old, oldDigest)
        }
    }

    public func overlappingTokens(
        at now: NumericDate, limit: Int
    ) async throws(StoreError) -> [TokenOverlap] {
        state.withLock { state in
            let old = state.tokens.values.filter { token in
                token.replacedBy != nil && token.expiresAt != nil && token.isAlive(at: now)
            }
            let sorted = old.sorted { ($0.expiresAt ?? now) < ($1.expiresAt ?? now) }.prefix(limit)
            return sorted.compactMap { old in
                state.tokens.values.first { $0.id == old.replacedBy }.map {
                    TokenOverlap(old: old, successor: $0)
                }
            }
        }
    }
}

/// The groups of one person's tokens.
extension MemoryStore {
    public func countTokens(
        of owner: User.ID, by grouping: TokenGrouping
    ) async throws(StoreError) -> TokenCounts {
        let tokens = try await tokens(of: owner, before: nil, limit: TokenGrouping.mostTokens)
        return TokenCounts(
            Dictionary(
                uniqueKeysWithValues: TokenGroup.allCases.map { group in
                    (group, tokens.count { grouping.contains($0, in: group) })
                }),
            lastUse: tokens.filter { grouping.contains($0, in: .active) }.compactMap(\.lastUsedAt).max())
    }

    public func tokens(
        of owner: User.ID, in group: TokenGroup, by grouping: TokenGrouping, before cursor: AccessToken.ID?,
        limit: Int
    ) async throws(StoreError) -> [AccessToken] {
        let tokens = try await tokens(of: owner, before: nil, limit: TokenGrouping.mostTokens).filter {
            token in
            (cursor.map { token.id < $0 } ?? true) && grouping.contains(token, in: group)
        }
        return Array(tokens.prefix(limit))
    }
}
