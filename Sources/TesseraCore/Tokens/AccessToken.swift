public import TesseraTime

/// A stored access token: the record, without the string, of which only the digest is kept beside it.
///
/// Personal tokens and those of applications are one record, so that a check is one look-up.
public struct AccessToken: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<AccessToken>

    public let id: ID
    /// The party for which the token stands.
    public let subject: Subject
    /// The client that received the token; `nil` for a personal token.
    public let client: Client.ID?
    /// The consent behind the token; `nil` for none.
    public let grant: Grant.ID?
    /// The kind of the token.
    public let kind: TokenKind
    /// The name that the owner gave the token.
    public var name: TokenName
    /// The scope of the token at most; the present rights of its subject limit it further.
    public let scope: Scope
    /// The last four characters of the string, for people.
    public let lastFour: String
    /// The instant at which the token was made.
    public let createdAt: NumericDate
    /// The first instant at which it is dead; `nil` for never.
    public var expiresAt: NumericDate?
    /// The instant of the revocation; `nil` for a token that was not revoked.
    public var revokedAt: NumericDate?
    /// The instant at which the owner disabled the token, which can be taken back; `nil` for one that is not disabled.
    public var suspendedAt: NumericDate?
    /// The instant at which the token was last accepted, to within a few seconds; `nil` for never.
    public var lastUsedAt: NumericDate?
    /// The address of the last use; `nil` for none or an unknown one.
    public var lastUsedFrom: ClientAddress?
    /// The older token that it was made to replace, which may be deleted by now; `nil` for the first of its line.
    public let replaces: ID?
    /// The newer token that was made to replace it; `nil` while none was.
    public var replacedBy: ID?
    /// The notes of the owner on the token.
    public var metadata: TokenMetadata

    public init(
        id: ID, subject: Subject, client: Client.ID? = nil, grant: Grant.ID? = nil, kind: TokenKind,
        name: TokenName, scope: Scope, lastFour: String,
        createdAt: NumericDate, expiresAt: NumericDate?, revokedAt: NumericDate? = nil,
        suspendedAt: NumericDate? = nil, lastUsedAt: NumericDate? = nil,
        lastUsedFrom: ClientAddress? = nil, replaces: ID? = nil, replacedBy: ID? = nil,
        metadata: TokenMetadata = .empty
    ) {
        self.id = id
        self.subject = subject
        self.client = client
        self.grant = grant
        self.kind = kind
        self.name = name
        self.scope = scope
        self.lastFour = lastFour
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.suspendedAt = suspendedAt
        self.lastUsedAt = lastUsedAt
        self.lastUsedFrom = lastUsedFrom
        self.replaces = replaces
        self.replacedBy = replacedBy
        self.metadata = metadata
    }

    /// The user whose token it is; `nil` for a token of a client itself.
    public var owner: User.ID? { subject.user }

    /// The state of a token in its life.
    public enum State: String, Sendable, CaseIterable {
        case active, expired, revoked
        /// Its owner has disabled it, and may enable it again.
        case suspended = "disabled"
    }

    /// The state of the token at an instant.
    public func state(at now: NumericDate) -> State {
        if revokedAt != nil { return .revoked }
        if isExpired(at: now) { return .expired }
        return suspendedAt == nil ? .active : .suspended
    }

    /// Reports whether the token can be used, or could be once it is enabled.
    public func isAlive(at now: NumericDate) -> Bool { revokedAt == nil && !isExpired(at: now) }

    /// Reports whether a newer token may take its place: it is usable, and none has.
    public func canBeReplaced(at now: NumericDate) -> Bool { state(at: now) == .active && replacedBy == nil }

    /// A token is dead *at* its expiry, not after it.
    public func isExpired(at now: NumericDate) -> Bool {
        guard let expiresAt else { return false }
        return now >= expiresAt
    }
}
