public import TesseraTime

/// Keeps access tokens by the digest of their string.
public protocol TokenStore: Sendable {
    /// Stores a token. Changes nothing when a token with such a digest is there already (a store may compare no more
    /// than the first eight bytes), or when the owner has `limit` tokens already that are alive when this one is made;
    /// of many who store at once, no more succeed than the limit allows.
    ///
    /// - Parameter limit: `nil` for none.
    func insert(
        _ token: AccessToken, digest: TokenDigest, limit: Int?, by authorization: Authorization,
        audit: AuditEvent?
    ) async throws(StoreError) -> InsertionOutcome

    /// The token with this digest and its subject, in any state. The one look-up of a check that has to wait.
    func find(_ digest: TokenDigest) async throws(StoreError) -> StoredToken?

    /// The part of the answer of ``find(_:)`` that a check needs, if it can be had without waiting; else `.mustWait`.
    ///
    /// For a store in the same process, whose look-up costs less than giving up the thread would.
    func findImmediately(_ digest: TokenDigest) throws(StoreError) -> ImmediateLookUp

    /// Returns the token with this identifier, in any state.
    func token(_ id: AccessToken.ID) async throws(StoreError) -> AccessToken?

    /// Tokens of one owner (of all subjects for `nil`), newest first, made before `cursor`, at most `limit`.
    func tokens(
        of owner: User.ID?, before cursor: AccessToken.ID?, limit: Int
    ) async throws(StoreError) -> [AccessToken]

    /// Counts the tokens of one owner that belong to each group, in one state of the store: of the newest
    /// ``TokenGrouping/mostTokens`` ones.
    func countTokens(of owner: User.ID, by grouping: TokenGrouping) async throws(StoreError) -> TokenCounts

    /// The tokens that ``countTokens(of:by:)`` counts in a group, newest first, made before `cursor`, at most `limit`.
    func tokens(
        of owner: User.ID, in group: TokenGroup, by grouping: TokenGrouping, before cursor: AccessToken.ID?,
        limit: Int
    ) async throws(StoreError) -> [AccessToken]

    /// Marks a token as revoked at the instant of `audit`, which is written only when something changed. Of two
    /// callers racing, one gets `.revoked`.
    func revoke(
        _ id: AccessToken.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> RevocationOutcome

    /// Tells of a token as of one that was changed, for an answer that rests on its state although nothing was changed. The
    /// observers of this store and a replica are told before this returns, other nodes soon. Changes nothing and writes no
    /// event.
    ///
    /// - Parameter owner: The account to tell of when the token is gone, and has no digest to be known by; `nil` where that
    ///   is not an account.
    /// - Returns: The digest of the token, in any state; `nil` when there is no such token.
    @discardableResult
    func recall(_ id: AccessToken.ID, of owner: User.ID?) async throws(StoreError) -> TokenDigest?

    /// Revokes every token of an owner that was not revoked, at the instant of `audit`, all together or not at all.
    ///
    /// - Parameter audit: The event that the event of each token repeats; see ``AuditEvent/telling(of:named:number:)``.
    /// - Returns: The number of tokens revoked.
    func revokeTokens(
        of owner: User.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Int

    /// Changes a token that is alive at the instant of `audit`; else nothing changes, and no event is written. The same holds
    /// where the change must only reduce, and would give the token anything in the state in which the store meets it.
    ///
    /// - Parameter limit: The scope that the token may have at most if the change gives it more
    ///   (``AccessToken/givesMore(than:)``, decided by the token as it is stored); `nil` for no limit.
    func change(
        _ id: AccessToken.ID, _ change: TokenChange, limit: Scope?, by authorization: Authorization,
        audit: AuditEvent
    ) async throws(StoreError) -> TokenChangeOutcome

    /// Stores a token that replaces another and lets the old one end, all together or not at all.
    ///
    /// Nothing happens when the old one is not usable at the instant of `audit`, or was replaced before: of many who
    /// rotate the same token at once, exactly one does it.
    ///
    /// - Parameters:
    ///   - successor: Names the old one as what it ``AccessToken/replaces``.
    ///   - end: The old one's new end, unless it ends earlier already.
    func rotate(
        to successor: AccessToken, digest: TokenDigest, endingOldAt end: NumericDate,
        by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> RotationOutcome

    /// Tokens that were replaced and live on at this instant, in the order of their ends, at most `limit`.
    func overlappingTokens(
        at now: NumericDate, limit: Int
    ) async throws(StoreError) -> [TokenOverlap]

    /// Notes when and from where tokens were last accepted; a use before the stored one changes nothing. Tokens that are gone
    /// are passed over.
    func noteUses(_ uses: [AccessToken.ID: TokenUse]) async throws(StoreError)

    /// Deletes at most `limit` tokens that expired or were revoked before this instant; returns how many.
    func pruneTokens(deadBefore: NumericDate, limit: Int) async throws(StoreError) -> Int
}

/// A stored token with its subject.
public struct StoredToken: Sendable {
    /// The record of the token.
    public let token: AccessToken
    /// The subject of the token.
    public let principal: Principal

    public init(token: AccessToken, principal: Principal) {
        self.token = token
        self.principal = principal
    }

    /// The user whose token it is; `nil` for a token of a client itself.
    public var owner: User? { principal.user }
}

/// The part of a stored token that a check needs. The rest, which only its owner looks at, need not be read for a request.
public struct PresentedToken: Sendable, Equatable {
    public let id: AccessToken.ID
    public let kind: TokenKind
    public let name: TokenName
    public let scope: Scope
    public let metadata: TokenMetadata
    public let expiresAt: NumericDate?
    public let revokedAt: NumericDate?
    public let suspendedAt: NumericDate?
    /// The subject of the token.
    public let principal: Principal
    /// The client that received the token; `nil` for a personal token.
    public let client: Client.ID?
    /// The consent behind the token; `nil` for none.
    public let grant: Grant.ID?

    public init(
        id: AccessToken.ID, kind: TokenKind, name: TokenName, scope: Scope, metadata: TokenMetadata,
        expiresAt: NumericDate?, revokedAt: NumericDate?, suspendedAt: NumericDate?, principal: Principal,
        client: Client.ID? = nil, grant: Grant.ID? = nil
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.scope = scope
        self.metadata = metadata
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.suspendedAt = suspendedAt
        self.principal = principal
        self.client = client
        self.grant = grant
    }

    public init(_ stored: StoredToken) {
        let token = stored.token
        self.init(
            id: token.id, kind: token.kind, name: token.name, scope: token.scope, metadata: token.metadata,
            expiresAt: token.expiresAt, revokedAt: token.revokedAt, suspendedAt: token.suspendedAt,
            principal: stored.principal, client: token.client, grant: token.grant)
    }

    /// The token as a refusal names it.
    var reference: TokenReference { TokenReference(id: id, subject: principal.subject) }
}

/// The answer of a store that may have to be waited for.
public enum ImmediateLookUp: Sendable {
    case found(PresentedToken)
    case unknown
    case mustWait
}

extension TokenStore {
    public func findImmediately(_ digest: TokenDigest) throws(StoreError) -> ImmediateLookUp { .mustWait }
}

/// The result of a revocation.
public enum RevocationOutcome: Sendable, Equatable {
    /// The token is revoked from now on; caches know it by the digest.
    case revoked(TokenDigest)
    /// It was revoked before.
    case already
    case unknown
}

/// The result of storing a token.
public enum InsertionOutcome: Sendable, Equatable {
    case stored
    /// There is one with such a digest already.
    case digestTaken
    /// Its owner has as many as they may have.
    case tooMany
}

extension RevocationOutcome {
    /// The change that the observers of a store are told of.
    package var change: StoreChange? { if case .revoked(let digest) = self { .token(digest) } else { nil } }
}

/// The result of a change of a token.
public enum TokenChangeOutcome: Sendable, Equatable {
    /// The token as it is from now on; caches know it by the digest.
    case changed(AccessToken, TokenDigest)
    /// It is revoked or expired, as it says.
    case over(AccessToken)
    /// The change must only reduce, and would give this token more than it has.
    case givesMore(AccessToken)
    /// The change would give the token more than it has, and the token may do more than the limit allows.
    case beyondLimit
    case unknown
}

extension TokenChangeOutcome {
    /// The change that the observers of a store are told of.
    package var change: StoreChange? {
        if case .changed(_, let digest) = self { .token(digest) } else { nil }
    }
}

/// The result of a rotation.
public enum RotationOutcome: Sendable, Equatable {
    /// The old token as it is from now on; caches know it by the digest.
    case rotated(AccessToken, TokenDigest)
    /// There is one with the successor's digest already.
    case digestTaken
    /// It is revoked, expired or suspended, or was replaced before, as it says.
    case refused(AccessToken)
    case unknown
}

extension RotationOutcome {
    /// The change that the observers of a store are told of.
    package var change: StoreChange? {
        if case .rotated(_, let digest) = self { .token(digest) } else { nil }
    }
}

/// A token that lives on beside the one that replaces it.
public struct TokenOverlap: Sendable, Equatable {
    /// The token that was replaced.
    public let old: AccessToken
    /// The token in its place.
    public let successor: AccessToken

    public init(old: AccessToken, successor: AccessToken) {
        self.old = old
        self.successor = successor
    }
}
