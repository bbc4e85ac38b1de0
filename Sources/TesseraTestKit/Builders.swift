public import TesseraCore
public import TesseraCrypto
public import TesseraTime

/// The source of identifiers for fixtures. Each identifier is greater than the one before.
public let fixtureIdentifiers = IdentifierSource(random: .system)

/// The instant at which fixtures are made: 2026-01-01T00:00:00Z.
public let fixtureInstant = NumericDate(seconds: 1_767_225_600)

extension User {
    /// Makes a user with a unique identifier and address. A test passes the properties that matter to it.
    public static func make(
        id: User.ID = fixtureIdentifiers.next(at: fixtureInstant), email: String? = nil,
        username: String = "Dagny", isOperator: Bool = false, createdAt: NumericDate = fixtureInstant,
        disabledAt: NumericDate? = nil
    ) -> User {
        guard let address = EmailAddress(email ?? "\(id)@example.org") else {
            preconditionFailure("a fixture has an impossible e-mail address")
        }
        return User(
            id: id, email: address, username: username, isOperator: isOperator, createdAt: createdAt,
            disabledAt: disabledAt)
    }
}

extension AccessToken {
    /// Makes a token of this owner. A test passes the other properties that matter to it.
    public static func make(
        id: AccessToken.ID = fixtureIdentifiers.next(at: fixtureInstant), owner: User,
        client: Client.ID? = nil, grant: Grant.ID? = nil, kind: TokenKind = .personal,
        name: String = "Laptop", scope: Scope = [.tokensRead],
        lastFour: String = "wxyz", createdAt: NumericDate = fixtureInstant,
        expiresAt: NumericDate? = fixtureInstant + .seconds(30 * 86_400), revokedAt: NumericDate? = nil,
        suspendedAt: NumericDate? = nil, lastUsedAt: NumericDate? = nil,
        lastUsedFrom: ClientAddress? = nil, replaces: AccessToken.ID? = nil,
        replacedBy: AccessToken.ID? = nil, metadata: TokenMetadata = .empty
    ) -> AccessToken {
        guard let name = TokenName(name) else { preconditionFailure("a fixture has an impossible name") }
        return AccessToken(
            id: id, subject: .user(owner.id), client: client, grant: grant, kind: kind, name: name,
            scope: scope, lastFour: lastFour,
            createdAt: createdAt, expiresAt: expiresAt, revokedAt: revokedAt, suspendedAt: suspendedAt,
            lastUsedAt: lastUsedAt, lastUsedFrom: lastUsedFrom, replaces: replaces, replacedBy: replacedBy,
            metadata: metadata)
    }
}

extension AccessToken {
    /// A token of a client itself.
    public static func make(
        of client: Client.ID, scope: Scope = [.tokensRead],
        expiresAt: NumericDate? = fixtureInstant + .seconds(3_600)
    ) -> AccessToken {
        guard let name = TokenName("App") else { preconditionFailure("a fixture has an impossible name") }
        return AccessToken(
            id: fixtureIdentifiers.next(at: fixtureInstant), subject: .client(client), client: client,
            kind: .oauth, name: name, scope: scope, lastFour: "wxyz", createdAt: fixtureInstant,
            expiresAt: expiresAt)
    }
}

extension Session {
    /// Makes a session of this user. A test passes the other properties that matter to it.
    public static func make(
        id: Session.ID = fixtureIdentifiers.next(at: fixtureInstant), user: User,
        startedAt: NumericDate = fixtureInstant, authenticatedAt: NumericDate = fixtureInstant,
        lastSeenAt: NumericDate = fixtureInstant,
        expiresAt: NumericDate = fixtureInstant + .seconds(30 * 86_400), userAgent: String = "Browser/1",
        address: String = "192.0.2.1"
    ) -> Session {
        Session(
            id: id, user: user.id, startedAt: startedAt, authenticatedAt: authenticatedAt,
            lastSeenAt: lastSeenAt, expiresAt: expiresAt, userAgent: userAgent, address: address)
    }
}

extension Refusal {
    /// Makes a refusal. A test passes the properties that matter to it.
    public static func make(
        id: Refusal.ID = fixtureIdentifiers.next(at: fixtureInstant), at: NumericDate = fixtureInstant,
        cause: RefusalCause = .unknown, token: AccessToken.ID? = nil, owner: User.ID? = nil,
        needed: Scope? = nil, held: Scope? = nil, since: NumericDate? = nil, origin: String? = nil,
        hint: RefusalHint? = nil, detail: String? = nil
    ) -> Refusal {
        Refusal(
            id: id, at: at, cause: cause, status: 401, method: "GET", path: "/api/me", address: "192.0.2.1",
            token: token, owner: owner, needed: needed, held: held, since: since, origin: origin, hint: hint,
            detail: detail)
    }
}

extension TokenRequest {
    /// Makes the record of a request with this token.
    public static func make(
        _ token: AccessToken, at: NumericDate = fixtureInstant, path: String = "/api/me", status: Int = 200
    ) -> TokenRequest {
        TokenRequest(
            id: fixtureIdentifiers.next(at: at), at: at, token: token.id, owner: token.owner, method: "GET",
            path: path, status: status, address: "192.0.2.1")
    }
}

extension AuditEvent {
    /// Makes an audit event. A test passes the properties that matter to it.
    public static func make(
        _ action: Action = .userChanged, by actor: Actor = .system, user: User.ID? = nil,
        token: AccessToken.ID? = nil, subject: String? = nil, from address: String? = nil,
        at: NumericDate = fixtureInstant
    ) -> AuditEvent {
        AuditEvent(
            fixtureIdentifiers.next(at: at), action, by: actor, user: user, token: token, subject: subject,
            from: address, at: at)
    }
}

extension Claim {
    /// Makes the claim of an idempotency key. A test passes the properties that matter to it.
    public static func make(
        key: Claim.Key = .make(), holder: Claim.Holder = fixtureIdentifiers.next(at: fixtureInstant),
        fingerprint: SHA256Digest = .make(), claimedAt: NumericDate = fixtureInstant,
        expiresAt: NumericDate = fixtureInstant + Claim.lifetime
    ) -> Claim {
        Claim(
            key: key, holder: holder, fingerprint: fingerprint, claimedAt: claimedAt, expiresAt: expiresAt)
    }
}

extension SHA256Digest {
    /// Makes the digest of random bytes.
    public static func make() -> SHA256Digest { SHA256.digest(of: RandomSource.system.bytes(32)) }
}
