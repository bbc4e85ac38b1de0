import TesseraCore
import TesseraHTTP
import TesseraTime

/// Makes the summaries of tokens that pages show.
struct TokenSummaries: Sendable {
    let store: any TokenStore
    let policy: TokenPolicy
    let format: TokenFormat

    /// The summary of one token.
    func summary(of token: AccessToken, at now: NumericDate) -> TokenSummary {
        TokenSummary(
            id: token.id.description, name: token.name.text,
            prefix: format.knownBeginning(of: token.kind), lastFour: token.lastFour,
            scopes: token.scope.tokens.map(\.text), state: state(of: token, at: now),
            marks: marks(of: token, at: now), created: token.createdAt, lastUsed: token.lastUsedAt,
            lastUsedFrom: token.lastUsedFrom?.text,
            expires: token.expiresAt, revoked: token.revokedAt)
    }

    private func state(of token: AccessToken, at now: NumericDate) -> TokenSummary.State {
        switch token.state(at: now) {
        case .revoked: .revoked
        case .expired: .expired
        case .suspended: .disabled
        case .active where token.isOverlapping(at: now): .beingReplaced
        case .active: grouping(at: now).contains(token, in: .expiring) ? .expiresSoon : .active
        }
    }

    private func marks(of token: AccessToken, at now: NumericDate) -> [TokenSummary.Mark] {
        let grouping = grouping(at: now)
        var marks: [TokenSummary.Mark] = []
        if grouping.contains(token, in: .unused) {
            marks.append(.unused(days: Int(grouping.policy.unusedAfter.components.seconds / 86_400)))
        }
        if grouping.contains(token, in: .exceeding) { marks.append(.outlivesPolicy) }
        return marks
    }

    /// The groups of tokens by the policy of this authority.
    func grouping(at now: NumericDate) -> TokenGrouping { TokenGrouping(policy, at: now) }

    /// The numbers of tokens of an account, by group.
    func counts(of owner: User.ID, at now: NumericDate) async throws(StoreError) -> TokenCounts {
        try await store.countTokens(of: owner, by: grouping(at: now))
    }

    /// The tokens of a group, the newest first: those that its count counts.
    func summaries(
        of group: TokenGroup, of owner: User, before cursor: AccessToken.ID? = nil,
        limit: Int = TokenGrouping.mostTokens, at now: NumericDate
    ) async throws(StoreError) -> [TokenSummary] {
        try await store.tokens(
            of: owner.id, in: group, by: grouping(at: now), before: cursor, limit: limit
        ).map { summary(of: $0, at: now) }
    }
}

extension AccessToken {
    /// Reports whether it was replaced and lives on beside the new one.
    fileprivate func isOverlapping(at now: NumericDate) -> Bool {
        replacedBy != nil && expiresAt != nil && state(at: now) == .active
    }
}
