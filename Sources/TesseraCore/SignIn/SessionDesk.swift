public import TesseraCrypto
import TesseraJOSE
public import TesseraTime

/// Starts, finds and ends sessions.
public struct SessionDesk: Sendable {
    /// The lifetimes of sessions.
    public struct Limits: Sendable {
        /// After this without a request, a session has ended.
        public var idle: Duration
        /// After this it has ended however much it was used.
        public var absolute: Duration

        public init(idle: Duration = .seconds(7 * 86400), absolute: Duration = .seconds(30 * 86400)) {
            self.idle = idle
            self.absolute = absolute
        }
    }

    /// The age of `lastSeenAt` at which a request writes it anew.
    static let seenResolution = Duration.seconds(60)

    private let store: any SessionStore
    private let identifiers: IdentifierSource
    private let random: RandomSource
    /// The lifetimes of sessions.
    public let limits: Limits

    public init(
        store: any SessionStore, identifiers: IdentifierSource, random: RandomSource,
        limits: Limits = Limits()
    ) {
        self.store = store
        self.identifiers = identifiers
        self.random = random
        self.limits = limits
    }

    /// Starts a session for a person who has just given the password.
    ///
    /// - Returns: The session and what the cookie must hold: 256 random bits, base64url. It is not kept. `nil` when the
    ///   account has changed since the proof: it must be proved anew.
    public func start(
        _ proof: SignInProof, userAgent: String, address: String, at now: NumericDate
    ) async throws(StoreError) -> (session: Session, cookie: String)? {
        let user = proof.user
        let cookie = Base64URL.encode(random.bytes(32))
        let session = Session(
            id: identifiers.next(at: now), user: user.id, startedAt: now, authenticatedAt: now,
            lastSeenAt: now,
            expiresAt: now + limits.absolute, userAgent: userAgent, address: address)
        let event = AuditEvent(
            identifiers.next(at: now), .signedIn, by: .user(user.id), user: user.id, from: address, at: now)
        let isStarted = try await store.start(
            session, digest: SHA256.digest(of: Array(cookie.utf8)), proof: proof, audit: event)
        return isStarted ? (session, cookie) : nil
    }

    /// Replaces the session of a person who has given the password again by one with another cookie (OWASP ASVS 7.2.4).
    ///
    /// - Returns: The new value of the cookie; `nil` when the session has ended meanwhile, or the account has changed
    ///   since the proof.
    public func renew(
        _ session: Session, _ proof: SignInProof, from address: String, at now: NumericDate
    ) async throws(StoreError) -> String? {
        let cookie = Base64URL.encode(random.bytes(32))
        let renewed = Session(
            id: identifiers.next(at: now), user: session.user, startedAt: session.startedAt,
            authenticatedAt: now, lastSeenAt: now, expiresAt: now + limits.absolute,
            userAgent: session.userAgent, address: address)
        let event = AuditEvent(
            identifiers.next(at: now), .sessionConfirmed, by: .user(session.user), user: session.user,
            from: address, at: now)
        let isRenewed = try await store.replace(
            session.id, with: renewed, digest: SHA256.digest(of: Array(cookie.utf8)), proof: proof,
            audit: event)
        return isRenewed ? cookie : nil
    }

    /// The live session that a cookie stands for, with its active user; `nil` for anything else.
    public func authenticate(
        cookie: String, at now: NumericDate
    ) async throws(StoreError) -> (session: Session, user: User)? {
        guard cookie.utf8.count == 43 else { return nil }
        guard let (session, user) = try await store.session(SHA256.digest(of: Array(cookie.utf8))) else {
            return nil
        }
        guard isLive(session, at: now), user.isActive else { return nil }
        if session.lastSeenAt + Self.seenResolution <= now {
            try await store.noteSeen([session.id: now])
        }
        return (session, user)
    }

    /// The live sessions of a user, newest first; no more than the newest 1,000.
    public func live(of user: User.ID, at now: NumericDate) async throws(StoreError) -> [Session] {
        try await store.sessions(of: user, limit: 1_000).filter { isLive($0, at: now) }
    }

    /// Ends a session. When this returns, its cookie is worth nothing.
    ///
    /// - Parameters:
    ///   - device: The name of the browser, when the session is ended from another one; `nil` for a sign-out.
    ///   - authorization: `nil` for the person who holds the cookie of this session.
    ///   - address: The network address from which the end was requested.
    public func end(
        _ session: Session, device: String? = nil, by authorization: Authorization? = nil,
        from address: String? = nil, at now: NumericDate
    ) async throws(StoreError) {
        let authorization = authorization ?? .user(session.user)
        let event = AuditEvent(
            identifiers.next(at: now), .signedOut, by: authorization.actor, user: session.user,
            subject: device, from: address, at: now)
        _ = try await store.end(session.id, by: authorization, audit: event)
    }

    /// Ends all sessions of a user but one. When this returns, their cookies are worth nothing.
    ///
    /// - Returns: The number of sessions ended.
    public func endAll(
        of user: User.ID, except kept: Session.ID?, by authorization: Authorization,
        from address: String? = nil, at now: NumericDate
    ) async throws(StoreError) -> Int {
        let event = AuditEvent(
            identifiers.next(at: now), .sessionsEnded, by: authorization.actor, user: user, from: address,
            at: now)
        return try await store.endSessions(of: user, except: kept, by: authorization, audit: event)
    }

    private func isLive(_ session: Session, at now: NumericDate) -> Bool {
        now < session.expiresAt && now < session.lastSeenAt + limits.idle
    }
}
