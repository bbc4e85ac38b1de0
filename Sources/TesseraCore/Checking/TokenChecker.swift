public import TesseraTime

/// Checks presented access tokens, of every kind.
public struct TokenChecker: Sendable {
    private let format: TokenFormat
    private let store: any TokenStore
    private let catalogue: ScopeCatalogue
    private let cache: TokenCache
    private let uses: TokenUseLog

    /// Makes a checker, whose cache forgets everything when the catalogue was read again.
    public init(
        format: TokenFormat, store: any TokenStore, catalogue: ScopeCatalogue, cache: TokenCache,
        uses: TokenUseLog
    ) {
        self.format = format
        self.store = store
        self.catalogue = catalogue
        self.cache = cache
        self.uses = uses
        // Cached tokens depend on the catalogue as well.
        catalogue.observe { cache.removeAll() }
    }

    /// Checks a token.
    ///
    /// The order is part of the contract: form and kind, checksum, cache or store by digest, revoked, expired,
    /// suspended, owner active, scope held against scope needed, note the use.
    ///
    /// - Parameters:
    ///   - presented: The token exactly as it was sent.
    ///   - needed: The scope that the token must have.
    ///   - now: The instant at which it must be valid.
    ///   - address: From where it was sent; noted with the use.
    /// - Returns: The verified token, or the reason for the refusal.
    /// - Throws: ``StoreError`` if the store cannot answer. Never throws for a bad token.
    public func check(
        _ presented: String, for needed: Scope = .empty, at now: NumericDate,
        from address: ClientAddress? = nil
    ) async throws(StoreError) -> TokenCheck {
        switch try begin(format.read(presented), for: needed, TokenUse(at: now, from: address)) {
        case .done(let check): return check
        case .mustWait(let digest, let ticket):
            guard let stored = try await store.find(digest) else { return .refused(.unknown) }
            return conclude(
                PresentedToken(stored), digest, ticket, for: needed, TokenUse(at: now, from: address))
        }
    }

    /// The same check, if it can be done without waiting; `nil` when it cannot, and then nothing was noted.
    public func checkImmediately(
        _ presented: Span<UInt8>, for needed: Scope = .empty, at now: NumericDate,
        from address: ClientAddress? = nil
    ) throws(StoreError) -> TokenCheck? {
        switch try begin(format.read(presented), for: needed, TokenUse(at: now, from: address)) {
        case .done(let check): return check
        case .mustWait: return nil
        }
    }

    private enum Beginning: ~Copyable {
        case done(TokenCheck)
        case mustWait(TokenDigest, TokenCache.Ticket)
    }

    private func begin(
        _ reading: TokenFormat.Reading, for needed: Scope, _ use: TokenUse
    ) throws(StoreError) -> Beginning {
        let digest: TokenDigest
        switch reading {
        case .malformed: return .done(.refused(.malformed))
        case .mistyped: return .done(.refused(.mistyped))
        case .misplaced(let kind): return .done(.refused(.misplaced(kind)))
        case .wellFormed(_, let read): digest = read
        }
        // What is in the cache was neither revoked nor disabled, nor its owner, or it would have been removed; but time goes on.
        if let check = cache.find(digest, { conclude(&$0, for: needed, use) }) { return .done(check) }
        // Taken before the store is asked, so that a removal in between is not undone.
        let ticket = cache.ticket(for: digest)
        switch try store.findImmediately(digest) {
        case .found(let token): return .done(conclude(token, digest, ticket, for: needed, use))
        case .unknown: return .done(.refused(.unknown))
        case .mustWait: return .mustWait(digest, ticket)
        }
    }

    private func conclude(
        _ token: PresentedToken, _ digest: TokenDigest, _ ticket: TokenCache.Ticket, for needed: Scope,
        _ use: TokenUse
    ) -> TokenCheck {
        if let revokedAt = token.revokedAt { return .refused(.revoked(token.reference, at: revokedAt)) }
        // Dead *at* its expiry, not after it.
        if let expiresAt = token.expiresAt, expiresAt <= use.at {
            return .refused(.expired(token.reference, at: expiresAt))
        }
        if let suspendedAt = token.suspendedAt {
            return .refused(.suspended(token.reference, at: suspendedAt))
        }
        if !token.principal.isActive { return .refused(.ownerDisabled(token.reference)) }
        let verified = VerifiedAccessToken(
            token,
            rights: cache.rights(
                of: token, token.scope.intersection(catalogue.rights(of: token.principal))))
        var cached = CachedToken(verified, digest: digest)
        let check = conclude(&cached, for: needed, use)
        cache.insert(cached, ticket: ticket)
        return check
    }

    private func conclude(_ cached: inout CachedToken, for needed: Scope, _ use: TokenUse) -> TokenCheck {
        let verified = cached.token
        if let expiresAt = verified.expiresAt, verified.isExpired(at: use.at) {
            return .refused(.expired(verified.reference, at: expiresAt))
        }
        guard needed.isSubset(of: verified.scope) else {
            return .refused(.insufficientScope(verified.reference, needed: needed, held: verified.scope))
        }
        if cached.noteUse(at: use.at), !uses.note(verified.id, cached.digest, use) {
            // The use will not be written, so that the next one is the first again.
            _ = cached.takeUse()
        }
        return .accepted(verified)
    }
}

/// The result of the check of a token.
///
/// It cannot be copied, so that the token goes from the check to the caller, and no references are counted on the way.
public enum TokenCheck: ~Copyable, Sendable {
    case accepted(VerifiedAccessToken)
    case refused(Rejection)

    /// The reason for which a token was not accepted.
    public indirect enum Rejection: Sendable {
        case malformed
        case mistyped
        /// A secret of a kind that is not presented as an access token.
        case misplaced(TokenFormat.Kind)
        case unknown
        case revoked(TokenReference, at: NumericDate)
        case expired(TokenReference, at: NumericDate)
        /// Its owner has disabled it.
        case suspended(TokenReference, at: NumericDate)
        case ownerDisabled(TokenReference)
        case insufficientScope(TokenReference, needed: Scope, held: Scope)
    }
}
