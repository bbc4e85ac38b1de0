public import TesseraTime

/// The limits that an operator sets for tokens.
///
/// A policy holds for tokens that are made, extended or rotated. It never shortens existing tokens: pages point them out.
public struct TokenPolicy: Sendable, Hashable {
    /// The longest lifetime, from the instant at which a token is made or its expiry is changed; `nil` for any.
    public var longestLifetime: Duration?
    /// The largest number of living tokens that one person may have; `nil` for any. A rotation is always allowed.
    public var tokensPerUser: Int?
    /// The time before its end from which a token's answers say so, and pages point it out.
    public var expiryWarning: Duration
    /// The time before its end from which pages point out a token of which more than half of its life is over.
    public var expiryNotice: Duration
    /// The time without a use after which pages point out a token.
    public var unusedAfter: Duration
    /// The rule by which a replaced token that nothing uses is ended before its overlap is over.
    public var quietEnd: QuietEnd

    /// The time without a use, while the new token is used, after which a replaced token is ended early.
    public enum QuietEnd: Sendable, Hashable {
        /// Half of its overlap, and an hour at least.
        case afterHalf
        case after(Duration)
        /// It always lives on until its overlap is over.
        case never
    }

    public init(
        longestLifetime: Duration? = nil, tokensPerUser: Int? = 100,
        expiryWarning: Duration = .seconds(7 * 86_400), expiryNotice: Duration = .seconds(30 * 86_400),
        unusedAfter: Duration = .seconds(90 * 86_400), quietEnd: QuietEnd = .afterHalf
    ) {
        self.longestLifetime = longestLifetime
        self.tokensPerUser = tokensPerUser
        self.expiryWarning = expiryWarning
        self.expiryNotice = expiryNotice
        self.unusedAfter = unusedAfter
        self.quietEnd = quietEnd
    }

    /// The latest instant at which a token may end that is made or changed now; `nil` for never.
    public func latestExpiry(from now: NumericDate) -> NumericDate? { longestLifetime.map { now + $0 } }

    /// Reports whether a living token lasts longer than one that is made now could.
    public func isExceeded(by token: AccessToken, at now: NumericDate) -> Bool {
        guard token.isAlive(at: now), let latest = latestExpiry(from: now) else { return false }
        return token.expiresAt.map { $0 > latest } ?? true
    }

    /// Reports whether a living token ends within ``expiryWarning``.
    public func endsSoon(_ token: AccessToken, at now: NumericDate) -> Bool {
        token.isAlive(at: now) && (token.expiresAt.map { $0 <= now + expiryWarning } ?? false)
    }

    /// Reports whether a token that is used now should be renewed soon: it ends within ``expiryNotice``, more than half of its life
    /// is over, and no other has taken its place. A new token is not pointed out for being short-lived.
    public func needsRenewal(_ token: AccessToken, at now: NumericDate) -> Bool {
        guard token.canBeReplaced(at: now), let end = token.expiresAt else { return false }
        return end <= now + expiryNotice && end - now < now - token.createdAt
    }

    /// Reports whether a living token has not been used for ``unusedAfter``, counted from its creation if it never was.
    public func isUnused(_ token: AccessToken, at now: NumericDate) -> Bool {
        token.isAlive(at: now) && (token.lastUsedAt ?? token.createdAt) + unusedAfter <= now
    }

    /// The time without a use after which a replaced token is ended early; `nil` for one that is not.
    public func quietTime(of overlap: TokenOverlap) -> Duration? {
        guard let end = overlap.old.expiresAt else { return nil }
        return switch quietEnd {
        case .afterHalf: max((end - overlap.successor.createdAt) / 2, .seconds(3_600))
        case .after(let duration): duration
        case .never: nil
        }
    }

    /// Reports whether nothing seems to need the old token any more: the new one can be used, and is, and the old one has not been
    /// used for ``quietTime(of:)``, counted from the rotation at the earliest.
    public func isQuiet(_ overlap: TokenOverlap, at now: NumericDate) -> Bool {
        guard let time = quietTime(of: overlap), overlap.old.isAlive(at: now),
            overlap.successor.state(at: now) == .active, overlap.successor.lastUsedAt != nil
        else { return false }
        let rotatedAt = overlap.successor.createdAt
        return max(overlap.old.lastUsedAt ?? rotatedAt, rotatedAt) + time <= now
    }
}
