public import TesseraCrypto
public import TesseraTime

/// Issues, changes, replaces and revokes access tokens.
public struct TokenDesk: Sendable {
    /// A request to make a token.
    public struct Order: Sendable {
        /// As typed.
        public var name: String
        /// As typed; a name that is not in the catalogue, or not the owner's to give, is refused.
        public var scopes: [String]
        /// The end of the token; `nil` for never.
        public var expiresAt: NumericDate?
        /// The notes on the token.
        public var metadata: TokenMetadata
        /// The scope that the new token may have at most: that of the token that asks for it; `nil` for a person.
        public var limit: Scope?

        public init(
            name: String, scopes: [String], expiresAt: NumericDate?, metadata: TokenMetadata = .empty,
            limit: Scope? = nil
        ) {
            self.name = name
            self.scopes = scopes
            self.expiresAt = expiresAt
            self.metadata = metadata
            self.limit = limit
        }
    }

    /// A year of four digits is the last that RFC 3339 can write.
    public static let lastInstant = NumericDate(seconds: 253_402_300_799)

    /// The limits that the operator sets.
    public let policy: TokenPolicy
    let store: any TokenStore
    let catalogue: ScopeCatalogue
    let format: TokenFormat
    let identifiers: IdentifierSource
    let random: RandomSource

    public init(
        store: any TokenStore, catalogue: ScopeCatalogue, format: TokenFormat, identifiers: IdentifierSource,
        random: RandomSource, policy: TokenPolicy = TokenPolicy()
    ) {
        self.policy = policy
        self.store = store
        self.catalogue = catalogue
        self.format = format
        self.identifiers = identifiers
        self.random = random
    }

    /// Makes a personal token and stores it. When this returns, the token is durable.
    ///
    /// - Throws: ``InvalidInput`` with everything that is wrong with the order; ``TokenLimitReached``; ``StoreError``.
    public func issue(
        _ order: Order, to owner: User, by authorization: Authorization, from address: String? = nil,
        at now: NumericDate
    ) async throws -> IssuedToken {
        let (name, scope) = try validate(order, for: owner, at: now)
        return try await draw { (secret) async throws in
            let token = AccessToken(
                id: identifiers.next(at: now), subject: .user(owner.id), kind: .personal, name: name,
                scope: scope,
                lastFour: secret.lastFour, createdAt: now, expiresAt: order.expiresAt,
                metadata: order.metadata)
            let event = AuditEvent(
                identifiers.next(at: now), .tokenIssued, by: authorization.actor, user: owner.id,
                token: token.id,
                subject: name.text, from: address, at: now)
            let outcome = try await store.insert(
                token, digest: secret.digest, limit: policy.tokensPerUser, by: authorization, audit: event)
            switch outcome {
            case .stored: return token
            case .digestTaken: return nil
            case .tooMany: throw TokenLimitReached(limit: policy.tokensPerUser ?? 0)
            }
        }
    }

    /// Draws a token string and stores a token under it.
    ///
    /// - Parameter keep: Stores it and returns the token; `nil` when its digest is taken.
    func draw(_ keep: (TokenSecret) async throws -> AccessToken?) async throws -> IssuedToken {
        // A digest that is taken happens once in the life of the universe; twice is a broken random source.
        for _ in 0..<2 {
            let secret = format.draw(.personal, from: random)
            if let token = try await keep(secret) { return IssuedToken(secret: secret, token: token) }
        }
        throw StoreError(
            .corrupt, "Two drawn tokens in a row were stored already: the random source is broken.")
    }

    /// Ends a token early. When this returns, the revocation is durable and this process accepts it nowhere.
    ///
    /// - Returns: `false` when there is no such token, or it was revoked before.
    public func revoke(
        _ token: AccessToken, by authorization: Authorization, from address: String? = nil,
        at now: NumericDate
    ) async throws(StoreError) -> Bool {
        let event = AuditEvent(
            identifiers.next(at: now), .tokenRevoked, by: authorization.actor, user: token.owner,
            token: token.id,
            subject: token.name.text, from: address, at: now)
        switch try await store.revoke(token.id, by: authorization, audit: event) {
        case .revoked: return true
        case .already, .unknown:
            try await recall(token)
            return false
        }
    }

    /// Revokes every token of an owner. When this returns, this process accepts none of them.
    ///
    /// - Returns: The number of tokens that were not revoked before.
    public func revokeAll(
        of owner: User.ID, by authorization: Authorization, from address: String? = nil, at now: NumericDate
    ) async throws(StoreError) -> Int {
        let event = AuditEvent(
            identifiers.next(at: now), .tokenRevoked, by: authorization.actor, user: owner, from: address,
            at: now)
        return try await store.revokeTokens(of: owner, by: authorization, audit: event)
    }

    private func validate(
        _ order: Order, for owner: User, at now: NumericDate
    ) throws(InvalidInput) -> (TokenName, Scope) {
        var problems: [InvalidInput.Problem] = []
        let name = TokenName(order.name)
        if name == nil { problems.append(Self.unusableName) }
        let rights = catalogue.rights(of: owner)
        var scopes: [ScopeToken] = []
        for text in order.scopes {
            guard let scope = ScopeToken(text), rights.contains(scope) else {
                problems.append(
                    .init(path: "scopes", message: "There is no such scope, or it is not yours to give."))
                break
            }
            guard order.limit?.contains(scope) ?? true else {
                problems.append(
                    .init(path: "scopes", message: "A token cannot make one that may do more than itself."))
                break
            }
            scopes.append(scope)
        }
        if let problem = problem(with: order.expiresAt, at: now) { problems.append(problem) }
        guard problems.isEmpty, let name else { throw InvalidInput(problems) }
        return (name, Scope(scopes))
    }

    static let unusableName = InvalidInput.Problem(
        path: "name", message: "Give it a name of 1 to \(TokenName.longest) printable characters.")

    static let unusableExpiry = InvalidInput.Problem(
        path: "expires_at", message: "Choose an instant in the future.")

    /// The problem with an end of a token; `nil` for none.
    func problem(with expiresAt: NumericDate?, at now: NumericDate) -> InvalidInput.Problem? {
        if let expiresAt, expiresAt <= now || expiresAt > Self.lastInstant {
            return Self.unusableExpiry
        }
        guard let latest = policy.latestExpiry(from: now) else { return nil }
        if let expiresAt, expiresAt <= latest { return nil }
        return .init(path: "expires_at", message: "Choose an instant no later than \(latest.rfc3339).")
    }
}
