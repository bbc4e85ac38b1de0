public import TesseraJOSE

/// What is to be different about a token; what is `nil` stays as it is.
public struct TokenChange: Sendable, Equatable {
    public var name: TokenName?
    public var expiry: Expiry?
    /// Whether it is disabled. A token that is disabled already keeps the instant of the first time.
    public var isSuspended: Bool?
    public var metadata: TokenMetadata?

    /// When a token is to end.
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
        metadata: TokenMetadata? = nil
    ) {
        self.name = name
        self.expiry = expiry
        self.isSuspended = isSuspended
        self.metadata = metadata
    }

    /// Reports whether the change gives a token more than it has: a later end or none, or its use back.
    ///
    /// A name and what is noted on a token give nothing more.
    public func givesMore(to token: AccessToken) -> Bool {
        if isSuspended == false, token.suspendedAt != nil { return true }
        guard let expiry, let present = token.expiresAt else { return false }
        return expiry.instant.map { $0 > present } ?? true
    }

    /// The token after the change.
    ///
    /// - Parameter now: When it is disabled, if it is.
    public func applied(to token: AccessToken, at now: NumericDate) -> AccessToken {
        var token = token
        if let name { token.name = name }
        if let expiry { token.expiresAt = expiry.instant }
        if let isSuspended { token.suspendedAt = isSuspended ? token.suspendedAt ?? now : nil }
        if let metadata { token.metadata = metadata }
        return token
    }
}
