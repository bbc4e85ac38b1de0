public import TesseraJOSE

/// A stored access token: the record, without the string, of which only the digest is kept beside it.
///
/// Personal tokens and those of applications are one record, so that a check is one look-up.
public struct AccessToken: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<AccessToken>

    public let id: ID
    public let owner: User.ID
    public let kind: TokenKind
    public var name: TokenName
    /// What it may do at most; what its owner may do now limits it further.
    public let scope: Scope
    /// The last four characters of the string, for people.
    public let lastFour: String
    public let createdAt: NumericDate
    /// The first instant at which it is dead; `nil` for never.
    public let expiresAt: NumericDate?
    /// When it was revoked; `nil` while it was not.
    public var revokedAt: NumericDate?
    /// When it was last accepted, to within a few seconds; `nil` when it never was.
    public var lastUsedAt: NumericDate?

    public init(
        id: ID, owner: User.ID, kind: TokenKind, name: TokenName, scope: Scope, lastFour: String,
        createdAt: NumericDate, expiresAt: NumericDate?, revokedAt: NumericDate? = nil,
        lastUsedAt: NumericDate? = nil
    ) {
        self.id = id
        self.owner = owner
        self.kind = kind
        self.name = name
        self.scope = scope
        self.lastFour = lastFour
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.lastUsedAt = lastUsedAt
    }

    /// Where a token is in its life.
    public enum State: String, Sendable, CaseIterable {
        case active, expired, revoked
    }

    public func state(at now: NumericDate) -> State {
        if revokedAt != nil { return .revoked }
        if isExpired(at: now) { return .expired }
        return .active
    }

    /// A token is dead *at* its expiry, not after it.
    public func isExpired(at now: NumericDate) -> Bool {
        guard let expiresAt else { return false }
        return now >= expiresAt
    }
}
