public import TesseraTime

extension TokenDesk {
    /// A token that was just made to replace another.
    public struct Rotation: Sendable {
        /// The new token.
        public let issued: IssuedToken
        /// The one that was replaced, with its new end.
        public let old: AccessToken
    }

    /// The time for which an old token lives on, unless the request names another.
    public static let usualOverlap = Duration.seconds(86_400)
    /// The longest time for which an old token may live on.
    public static let longestOverlap = Duration.seconds(90 * 86_400)

    /// Makes a new token in the place of another: of the same name, scope and metadata, and living as long as that was
    /// made for. When this returns, it is durable, and the old one's new end holds in this process.
    ///
    /// - Parameters:
    ///   - overlap: The time for which the old token lives on; zero ends it at once.
    ///   - limit: The scope that the new token may have at most: that of the token that asks for it; `nil` for a person, and
    ///     for a token that replaces itself.
    /// - Throws: ``InvalidInput``, ``TokenConflict``, ``ScopeExceeded``, ``StoreError``.
    public func rotate(
        _ token: AccessToken, overlap: Duration = usualOverlap, limit: Scope? = nil,
        by authorization: Authorization,
        from address: String? = nil, at now: NumericDate
    ) async throws -> Rotation {
        guard overlap >= .zero, overlap <= Self.longestOverlap else {
            throw InvalidInput(
                "overlap", "Choose an overlap of at most \(DurationText.format(Self.longestOverlap)).")
        }
        guard token.kind == .personal else { throw TokenConflict.ofApplication }
        if let conflict = try await conflict(of: token, at: now) { throw conflict }
        if let limit, !token.scope.isSubset(of: limit) { throw ScopeExceeded.byRotation }

        var replaced: AccessToken?
        let issued = try await draw { (secret) async throws in
            let successor = AccessToken(
                id: identifiers.next(at: now), subject: token.subject, client: token.client,
                grant: token.grant, kind: token.kind, name: token.name,
                scope: token.scope, lastFour: secret.lastFour, createdAt: now,
                expiresAt: expiryOfSuccessor(of: token, at: now), replaces: token.id,
                metadata: token.metadata)
            let event = AuditEvent(
                identifiers.next(at: now), .tokenRotated, by: authorization.actor, user: token.owner,
                token: token.id,
                subject: token.name.text, from: address, at: now)
            let outcome = try await store.rotate(
                to: successor, digest: secret.digest, endingOldAt: now + overlap, by: authorization,
                audit: event)
            switch outcome {
            case .rotated(let old, _):
                replaced = old
                return successor
            case .digestTaken: return nil
            case .refused(let old): throw try await refusal(of: old, at: now)
            case .unknown:
                try await recall(token)
                throw TokenConflict.gone
            }
        }
        guard let replaced else { throw TokenConflict.gone }
        return Rotation(issued: issued, old: replaced)
    }

    /// The end of a token that is made now in the place of this one: as long from now as the old one was to live, as far as the
    /// policy allows; `nil` for never.
    public func expiryOfSuccessor(of token: AccessToken, at now: NumericDate) -> NumericDate? {
        let wanted = token.expiresAt.map { min(now + ($0 - token.createdAt), Self.lastInstant) }
        guard let latest = policy.latestExpiry(from: now) else { return wanted }
        return wanted.map { min($0, latest) } ?? latest
    }
}
