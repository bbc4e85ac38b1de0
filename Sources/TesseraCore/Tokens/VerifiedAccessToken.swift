public import TesseraJOSE

/// A token that has passed the check. Only ``TokenChecker`` makes one.
///
/// What a check needs and no more: a million of them are held in memory, and each byte is there a million times.
public struct VerifiedAccessToken: Sendable {
    public let id: AccessToken.ID
    public let name: TokenName
    private let grant: TokenGrant
    /// In milliseconds since the epoch. The end of time stands for never.
    private let expiry: Int64
    public let kind: TokenKind

    init(_ token: AccessToken, grant: TokenGrant) {
        id = token.id
        name = token.name
        self.grant = grant
        expiry = token.expiresAt?.milliseconds ?? .max
        kind = token.kind
    }

    public var owner: User { grant.owner }

    /// What the token may do: its own scope, limited by what its owner may do now.
    public var scope: Scope { grant.scope }

    /// What its owner has noted on it; for nearly every token nothing.
    public var metadata: TokenMetadata { grant.metadata }

    /// Lends to `body` what `make` makes of owner and scope: once, and then kept for all tokens that share them. There is
    /// room for one such thing, so that a program asks for it in one place only.
    package func withKeptInGrant<Result>(
        _ make: (User, Scope) -> [UInt8], _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        grant.withKept(make, body)
    }

    /// The first instant at which it is dead; `nil` for never.
    public var expiresAt: NumericDate? { expiry == .max ? nil : NumericDate(milliseconds: expiry) }

    /// A token is dead *at* its expiry, not after it.
    func isExpired(at now: NumericDate) -> Bool { now.milliseconds >= expiry }

    /// The token as a refusal names it.
    var reference: TokenReference { TokenReference(id: id, owner: owner.id) }
}

/// A stored token as a refusal names it.
public struct TokenReference: Sendable, Hashable {
    public let id: AccessToken.ID
    public let owner: User.ID

    init(id: AccessToken.ID, owner: User.ID) {
        self.id = id
        self.owner = owner
    }
}

extension AccessToken {
    /// The token as a refusal names it.
    var reference: TokenReference { TokenReference(id: id, owner: owner) }
}
