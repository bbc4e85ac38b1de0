public import TesseraTime

/// A change of a token. A property that is `nil` stays as it is.
public struct TokenChange: Sendable, Equatable {
    /// The new name.
    public var name: TokenName?
    /// The new end.
    public var expiry: Expiry?
    /// Disables or enables the token. A token that is disabled already keeps the instant of the first time.
    public var isSuspended: Bool?
    /// The new notes.
    public var metadata: TokenMetadata?
    /// Indicates that the store refuses the change where it would give the token anything, by the state that it meets; see
    /// ``AccessToken/givesMore(than:)``.
    public var onlyReduces: Bool

    /// The new end of a token.
    public enum Expiry: Sendable, Equatable {
        case at(NumericDate)
        case never

        /// `nil` for never.
        public init(_ instant: NumericDate?) { self = instant.map { .at($0) } ?? .never }

        /// `nil` for never.
        public var instant: NumericDate? { if case .at(let instant) = self { instant } else { nil } }
    }

    public init(
        name: TokenName? = nil, expiry: Expiry? = nil, isSuspended: Bool? = nil,
        metadata: TokenMetadata? = nil, onlyReduces: Bool = false
    ) {
        self.name = name
        self.expiry = expiry
        self.isSuspended = isSuspended
        self.metadata = metadata
        self.onlyReduces = onlyReduces
    }

    /// The answer of a store that refuses the change of this token, as it is stored; `nil` where the change is made.
    ///
    /// - Parameter limit: The scope that the token may have at most if the change gives it more; `nil` for no limit.
    public func refusal(of token: AccessToken, limit: Scope?, at now: NumericDate) -> TokenChangeOutcome? {
        guard token.isAlive(at: now) else { return .over(token) }
        guard applied(to: token, at: now).givesMore(than: token) else { return nil }
        if let limit, !token.scope.isSubset(of: limit) { return .beyondLimit }
        return onlyReduces ? .givesMore(token) : nil
    }

    /// The token after the change.
    ///
    /// - Parameter now: The instant of a disabling.
    public func applied(to token: AccessToken, at now: NumericDate) -> AccessToken {
        var token = token
        if let name { token.name = name }
        if let expiry { token.expiresAt = expiry.instant }
        if let isSuspended { token.suspendedAt = isSuspended ? token.suspendedAt ?? now : nil }
        if let metadata { token.metadata = metadata }
        return token
    }
}
