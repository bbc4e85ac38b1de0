import Synchronization
public import TesseraJOSE

/// A token that has passed the check. Only ``TokenChecker`` makes one.
///
/// What a check needs and no more: a million of them are held in memory, and each byte is there a million times.
public struct VerifiedAccessToken: Sendable {
    public let id: AccessToken.ID
    public let name: TokenName
    /// What the token may do: its own scope, limited by what its owner may do now.
    public let scope: Scope
    /// What its owner has noted on it; for nearly every token nothing.
    public let metadata: TokenMetadata
    private let holder: TokenHolder
    /// In milliseconds since the epoch. The end of time stands for never.
    private let expiry: Int64
    public let kind: TokenKind

    init(_ token: AccessToken, holder: TokenHolder, scope: Scope) {
        id = token.id
        name = token.name
        self.scope = scope
        metadata = token.metadata
        self.holder = holder
        expiry = token.expiresAt?.milliseconds ?? .max
        kind = token.kind
    }

    public var owner: User { holder.user }

    /// What `make` makes of the owner: once, and then kept for all tokens of the same owner. There is room for one such
    /// thing, so that a program asks for it in one place only.
    package func keptWithOwner(_ make: (User) -> [UInt8]) -> [UInt8] { holder.keep(make) }

    /// The first instant at which it is dead; `nil` for never.
    public var expiresAt: NumericDate? { expiry == .max ? nil : NumericDate(milliseconds: expiry) }

    /// A token is dead *at* its expiry, not after it.
    func isExpired(at now: NumericDate) -> Bool { now.milliseconds >= expiry }

    /// The token as a refusal names it.
    var reference: TokenReference { TokenReference(id: id, owner: owner.id) }
}

/// A person as the verified tokens of theirs share it.
final class TokenHolder: Sendable {
    let user: User
    private let kept = AtomicLazyReference<Kept>()

    private final class Kept: Sendable {
        let bytes: [UInt8]
        init(_ bytes: [UInt8]) { self.bytes = bytes }
    }

    init(_ user: User) { self.user = user }

    func keep(_ make: (User) -> [UInt8]) -> [UInt8] {
        if let kept = kept.load() { return kept.bytes }
        return kept.storeIfNil(Kept(make(user))).bytes
    }
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
