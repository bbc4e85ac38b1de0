import TesseraCore
import TesseraHTTP
import TesseraTime

/// Tokens as the pages of their owner show them.
extension Authority {
    func summary(of token: AccessToken, at now: NumericDate) -> TokenSummary {
        TokenSummary(
            id: token.id.description, name: token.name.text,
            prefix: prefixes.format.knownBeginning(of: token.kind), lastFour: token.lastFour,
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
    func grouping(at now: NumericDate) -> TokenGrouping { TokenGrouping(tokens.policy, at: now) }

    /// All tokens of a group, the newest first: those that its count counts.
    func summaries(
        of group: TokenGroup, of owner: User, at now: NumericDate
    ) async throws(StoreError) -> [TokenSummary] {
        try await store.tokens(
            of: owner.id, in: group, by: grouping(at: now), before: nil, limit: TokenGrouping.mostTokens
        ).map { summary(of: $0, at: now) }
    }

    /// The page of a token, read anew.
    ///
    /// - Parameter problem: Why what was asked for was not done.
    func tokenPage(
        of id: AccessToken.ID, for person: SignedInVisitor, notice: String? = nil, problem: String? = nil
    ) async throws -> TokenPage {
        let token = try await ownToken(id.description, of: person.user)
        let now = person.now
        let older = try await relative(token.replaces)
        let newer = try await relative(token.replacedBy)
        return TokenPage(
            context: person.context(notice: notice), token: summary(of: token, at: now),
            history: .init(
                replaces: older.map { kin($0, at: now) }, replacedBy: newer.map { kin($0, at: now) },
                disabled: token.suspendedAt),
            metadata: token.metadata.entries.map { .init(name: $0.name, text: $0.text) },
            canBeRotated: token.kind == .personal && token.canBeReplaced(at: now),
            quietTime: quietTime(of: token, besides: newer),
            newLikeThis: Self.formFilledIn(like: token), problem: problem)
    }

    /// A token of the same line; `nil` when there is none to look for.
    private func relative(_ id: AccessToken.ID?) async throws -> Relative? {
        guard let id else { return nil }
        let token = try await store.token(id)
        guard let token else { return .deleted }
        return .known(token)
    }

    private enum Relative {
        case known(AccessToken)
        case deleted
    }

    private func kin(_ relative: Relative, at now: NumericDate) -> TokenPage.Relative {
        switch relative {
        case .known(let token): .known(summary(of: token, at: now))
        case .deleted: .deleted
        }
    }

    /// How long a replaced token must not have been used to be ended early, in words.
    private func quietTime(of token: AccessToken, besides newer: Relative?) -> String? {
        guard case .known(let successor) = newer else { return nil }
        guard let time = tokens.policy.quietTime(of: TokenOverlap(old: token, successor: successor)) else {
            return nil
        }
        // Nobody needs the seconds of half an overlap.
        let seconds = time.components.seconds
        return Lifetime.words(for: .seconds(seconds < 3_600 ? seconds : (seconds + 1_800) / 3_600 * 3_600))
    }

    /// The form that makes a token, filled in like this one.
    static func formFilledIn(like token: AccessToken) -> String {
        let fields = [("name", token.name.text)] + token.scope.tokens.map { ("scopes", $0.text) }
        return "/settings/tokens/new?" + FormEncoding.encode(fields)
    }
}

extension AccessToken {
    /// Whether it was replaced and lives on beside the new one.
    fileprivate func isOverlapping(at now: NumericDate) -> Bool {
        replacedBy != nil && expiresAt != nil && state(at: now) == .active
    }
}
