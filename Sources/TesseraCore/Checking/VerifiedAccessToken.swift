public import TesseraTime

/// A token that has passed the check. Only ``TokenChecker`` makes one.
///
/// It holds only the facts that a check needs, because a process may hold a million of these values in memory.
public struct VerifiedAccessToken: Sendable {
    public let id: AccessToken.ID
    /// The name that the owner gave the token.
    public let name: TokenName
    /// The properties that the token shares with others. The path of each request asks it directly: a method of this value would
    /// be handed a copy of it.
    package let rights: TokenRights
    /// In milliseconds since the epoch. The end of time stands for never.
    @usableFromInline let expiry: Int64
    public let kind: TokenKind

    init(_ token: PresentedToken, rights: TokenRights) {
        id = token.id
        name = token.name
        self.rights = rights
        expiry = token.expiresAt?.milliseconds ?? .max
        kind = token.kind
    }

    /// The party for which the token stands.
    public var subject: Subject { rights.principal.subject }

    /// The user whose token it is; `nil` for a token of a client itself.
    public var owner: User? { rights.principal.user }

    /// The client that received the token; `nil` for a personal token.
    public var client: Client.ID? { rights.client }

    /// The consent behind the token; `nil` for none.
    public var grant: Grant.ID? { rights.grant }

    /// The present rights of the token: its own scope, limited by those of its subject.
    public var scope: Scope { rights.scope }

    /// The notes of the owner on the token; empty for nearly every token.
    public var metadata: TokenMetadata { rights.metadata }

    /// The first instant at which it is dead; `nil` for never.
    @inlinable
    public var expiresAt: NumericDate? { expiry == .max ? nil : NumericDate(milliseconds: expiry) }

    /// A token is dead *at* its expiry, not after it.
    func isExpired(at now: NumericDate) -> Bool { now.milliseconds >= expiry }

    /// The token as a refusal names it.
    var reference: TokenReference { TokenReference(id: id, subject: subject) }
}
