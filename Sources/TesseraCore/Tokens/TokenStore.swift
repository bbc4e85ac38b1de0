public import TesseraJOSE

/// Keeps access tokens by the digest of their string.
public protocol TokenStore: Sendable {
    /// Stores a token. Returns `false`, and changes nothing, when a token with such a digest is there already (a
    /// store may compare no more than the first eight bytes); the caller then draws another string.
    func insert(_ token: AccessToken, digest: TokenDigest, audit: AuditEvent?) async throws(StoreError)
        -> Bool

    /// The token with this digest and its owner, whatever their state. The one look-up of a check.
    func find(_ digest: TokenDigest) async throws(StoreError) -> StoredToken?

    /// What ``find(_:)`` answers, if that can be said without waiting; else `.mustWait`.
    ///
    /// For a store in the same process, whose look-up costs less than giving up the thread would.
    func findImmediately(_ digest: TokenDigest) throws(StoreError) -> ImmediateLookUp

    func token(_ id: AccessToken.ID) async throws(StoreError) -> AccessToken?

    /// Tokens of one owner (of everybody for `nil`), newest first, made before `cursor`, at most `limit`.
    func tokens(
        of owner: User.ID?, before cursor: AccessToken.ID?, limit: Int
    ) async throws(StoreError) -> [AccessToken]

    /// Marks a token as revoked at the instant of `audit`, which is written only when something changed. Of two
    /// callers racing, one gets `.revoked`.
    func revoke(_ id: AccessToken.ID, audit: AuditEvent) async throws(StoreError) -> RevocationOutcome

    /// Notes when tokens were last accepted; an instant before the stored one changes nothing. Tokens that are gone
    /// are passed over.
    func noteUses(_ uses: [AccessToken.ID: NumericDate]) async throws(StoreError)

    /// Deletes at most `limit` tokens that expired or were revoked before this instant; returns how many.
    func pruneTokens(deadBefore: NumericDate, limit: Int) async throws(StoreError) -> Int
}

/// What the store knows about a presented token.
public struct StoredToken: Sendable {
    public let token: AccessToken
    public let owner: User

    public init(token: AccessToken, owner: User) {
        self.token = token
        self.owner = owner
    }
}

/// The answer of a store that may have to be waited for.
public enum ImmediateLookUp: Sendable {
    case found(StoredToken)
    case unknown
    case mustWait
}

extension TokenStore {
    public func findImmediately(_ digest: TokenDigest) throws(StoreError) -> ImmediateLookUp { .mustWait }
}

/// What became of the wish to revoke a token.
public enum RevocationOutcome: Sendable, Equatable {
    /// It is revoked from now on; the digest is what caches know it by.
    case revoked(TokenDigest)
    /// It was revoked before.
    case already
    case unknown
}
