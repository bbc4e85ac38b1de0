public import TesseraCrypto
public import TesseraJOSE

/// Issues and revokes access tokens.
public struct TokenDesk: Sendable {
    /// What is asked for when a token is to be made.
    public struct Order: Sendable {
        /// As typed.
        public var name: String
        /// As typed; a name that is not in the catalogue, or not the owner's to give, is refused.
        public var scopes: [String]
        public var expiresAt: NumericDate?
        /// What the new token may have at most: the scope of the token that asks for it; `nil` for a person.
        public var limit: Scope?

        public init(name: String, scopes: [String], expiresAt: NumericDate?, limit: Scope? = nil) {
            self.name = name
            self.scopes = scopes
            self.expiresAt = expiresAt
            self.limit = limit
        }
    }

    /// A year of four digits is the last that RFC 3339 can write.
    private static let lastInstant = NumericDate(seconds: 253_402_300_799)

    private let store: any TokenStore
    private let catalogue: ScopeCatalogue
    private let cache: TokenCache
    private let format: TokenFormat
    private let identifiers: IdentifierSource
    private let random: RandomSource

    public init(
        store: any TokenStore, catalogue: ScopeCatalogue, cache: TokenCache, format: TokenFormat,
        identifiers: IdentifierSource, random: RandomSource
    ) {
        self.store = store
        self.catalogue = catalogue
        self.cache = cache
        self.format = format
        self.identifiers = identifiers
        self.random = random
    }

    /// Makes a personal token and stores it. When this returns, the token is durable.
    ///
    /// - Throws: ``InvalidInput`` with everything that is wrong with the order; ``StoreError``.
    public func issue(
        _ order: Order, to owner: User, by actor: Actor, from address: String? = nil, at now: NumericDate
    ) async throws -> IssuedToken {
        let (name, scope) = try validate(order, for: owner, at: now)
        // A digest that is taken happens once in the life of the universe; twice is a broken random source.
        for _ in 0..<2 {
            let secret = format.draw(.personal, from: random)
            let token = AccessToken(
                id: identifiers.next(at: now), owner: owner.id, kind: .personal, name: name, scope: scope,
                lastFour: secret.lastFour, createdAt: now, expiresAt: order.expiresAt)
            let event = AuditEvent(
                identifiers.next(at: now), .tokenIssued, by: actor, user: owner.id, token: token.id,
                subject: name.text, from: address, at: now)
            if try await store.insert(token, digest: secret.digest, audit: event) {
                return IssuedToken(secret: secret, token: token)
            }
        }
        throw StoreError(
            .corrupt, "Two drawn tokens in a row were stored already: the random source is broken.")
    }

    /// Ends a token early. When this returns, the revocation is durable and this process accepts it nowhere.
    ///
    /// - Returns: `false` when there is no such token, or it was revoked before.
    public func revoke(
        _ token: AccessToken, by actor: Actor, from address: String? = nil, at now: NumericDate
    ) async throws(StoreError) -> Bool {
        let event = AuditEvent(
            identifiers.next(at: now), .tokenRevoked, by: actor, user: token.owner, token: token.id,
            subject: token.name.text, from: address, at: now)
        guard case .revoked(let digest) = try await store.revoke(token.id, audit: event) else { return false }
        cache.remove(digest)
        return true
    }

    private func validate(
        _ order: Order, for owner: User, at now: NumericDate
    ) throws(InvalidInput) -> (TokenName, Scope) {
        var problems: [InvalidInput.Problem] = []
        let name = TokenName(order.name)
        if name == nil {
            problems.append(
                .init(
                    path: "name", message: "Give it a name of 1 to \(TokenName.longest) printable characters."
                ))
        }
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
        if let expiresAt = order.expiresAt, expiresAt <= now || expiresAt > Self.lastInstant {
            problems.append(.init(path: "expires_at", message: "Choose an instant in the future."))
        }
        guard problems.isEmpty, let name else { throw InvalidInput(problems) }
        return (name, Scope(scopes))
    }
}
