public import TesseraTime

/// Tokens of one person that belong together. Each count on a page is the size of a group, and leads to the list of exactly
/// these tokens.
public enum TokenGroup: String, Sendable, CaseIterable {
    /// Tokens that can be used now.
    case active
    /// Tokens that their owner has disabled, and may enable again.
    case disabled
    /// Tokens that a revocation would end: ``active`` and ``disabled`` ones.
    case living
    /// Tokens that can be used and end soon, and that no other replaces.
    case expiring
    /// Tokens that nothing has used for a long time.
    case unused
    /// Tokens that outlive the policy.
    case exceeding
}

/// The one definition of the groups, at one instant.
///
/// ``contains(_:in:)`` says it for one token. Stores say the same in SQL, by the instants here; the contract of stores holds
/// them to it.
public struct TokenGrouping: Sendable, Hashable {
    /// Groups are made of this many tokens of one person at most, the newest, so that a page costs little however many there
    /// are.
    public static let mostTokens = 20_000

    /// The policy by which tokens are grouped.
    public let policy: TokenPolicy
    /// The instant at which tokens are grouped.
    public let now: NumericDate

    public init(_ policy: TokenPolicy, at now: NumericDate) {
        self.policy = policy
        self.now = now
    }

    /// A usable token that ends until then ends soon.
    public var warnedEnd: NumericDate { now + policy.expiryWarning }
    /// A usable token that ends until then ends soon, if more than half of its life is over.
    public var noticedEnd: NumericDate { now + policy.expiryNotice }
    /// A token that was last used then or before, or made if it never was, has not been used for a long time.
    public var unusedSince: NumericDate { now - policy.unusedAfter }
    /// The latest end that the policy allows; `nil` for never.
    public var latestEnd: NumericDate? { policy.latestExpiry(from: now) }

    /// Reports whether a token belongs to a group.
    public func contains(_ token: AccessToken, in group: TokenGroup) -> Bool {
        switch group {
        case .active: token.state(at: now) == .active
        case .disabled: token.state(at: now) == .suspended
        case .living: token.isAlive(at: now)
        case .expiring:
            token.canBeReplaced(at: now)
                && (policy.endsSoon(token, at: now) || policy.needsRenewal(token, at: now))
        // A token that is being replaced is looked after already.
        case .unused: token.replacedBy == nil && policy.isUnused(token, at: now)
        case .exceeding: policy.isExceeded(by: token, at: now)
        }
    }
}

/// The numbers of tokens of one person in each group.
public struct TokenCounts: Sendable, Hashable {
    private let counts: [TokenGroup: Int]
    /// The last use of a token in ``TokenGroup/active``; `nil` for none.
    public let lastUse: NumericDate?

    /// - Parameter counts: A group that is missing has none.
    public init(_ counts: [TokenGroup: Int], lastUse: NumericDate?) {
        self.counts = counts
        self.lastUse = lastUse
    }

    /// The number of tokens in a group.
    public subscript(group: TokenGroup) -> Int { counts[group] ?? 0 }
}
