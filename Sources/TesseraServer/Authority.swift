public import TesseraCore
public import TesseraCrypto
public import TesseraHTTP
public import TesseraHosting
public import TesseraOpenAPI

/// An access-token authority: the subjects of the server, put together over one store.
///
/// A program embeds one by adding its routes to a router and protecting its own handlers with ``protect(_:_:)``, or
/// with ``open(_:)`` where no caller is needed:
///
/// ```swift
/// let authority = try await Authority(configuration, store: store)
/// var router = Router()
/// authority.addRoutes(to: &router)
/// router.post("/api/treasures", authority.protect(.treasureCreate, createTreasure), .createTreasure)
/// let responder = try authority.service(of: router)
/// ```
public final class Authority: Sendable {
    let services: DomainServices
    let lifecycle: Lifecycle
    let errors: ErrorResponses
    let authenticator: Authenticator
    let pages: PageAccess
    let retries: Retries
    let browsers: KnownBrowsers

    /// Makes an authority over a store that has been migrated, and reads the catalogue of scopes.
    ///
    /// - Parameters:
    ///   - store: Keeps all data of the authority.
    ///   - clock: Gives the present instant.
    ///   - random: Draws tokens, identifiers and salts.
    ///   - log: Takes lines for operators.
    /// - Throws: ``StoreError``.
    public init(
        _ configuration: AuthorityConfiguration, store: any Store, clock: WallClock = .system,
        random: RandomSource = .system, log: Log = .silent
    ) async throws {
        let cookies = CookieNames(
            installation: try await store.installationSecret("cookie-names", otherwise: random.bytes(32)),
            isHTTPS: configuration.isHTTPS)
        browsers = KnownBrowsers(
            key: Secret(try await store.installationSecret("known-browsers", otherwise: random.bytes(32))))
        services = try await DomainServices(
            configuration, store: store, clock: clock, random: random, log: log)
        errors = ErrorResponses(
            realm: configuration.realm, cors: configuration.cors.map(CORS.init(_:)),
            site: configuration.sitePath, issuer: configuration.issuer, refusals: services.refusals,
            clock: clock, log: log)
        authenticator = Authenticator(
            checker: services.checker, sessions: services.sessions, requests: services.requests,
            cookies: cookies, errors: errors, configuration: configuration, clock: clock)
        pages = PageAccess(authenticator: authenticator, sessions: services.sessions, random: random)
        retries = Retries(
            store: store, authenticator: authenticator, identifiers: services.identifiers, random: random,
            log: log)
        lifecycle = Lifecycle(of: services)
    }

    /// The settings that it was made with.
    public var configuration: AuthorityConfiguration { services.configuration }
    /// The clock by which all checks go.
    public var clock: WallClock { services.clock }
    /// Opens, changes and ends accounts.
    public var accounts: Accounts { services.accounts }
    /// Starts, checks and ends sessions.
    public var sessions: SessionDesk { services.sessions }
    /// The scopes that tokens can have.
    public var catalogue: ScopeCatalogue { services.catalogue }
    /// Issues, changes and ends tokens.
    public var tokens: TokenDesk { services.tokens }
    /// Checks the tokens of requests.
    public var checker: TokenChecker { services.checker }
    /// The refusals that are kept for explanation.
    public var refusals: RefusalLog { services.refusals }
    /// The accepted requests that are kept for their owners.
    public var requests: TokenRequestLog { services.requests }
    /// The store that keeps everything.
    public var store: any Store { services.store }
    /// The lines for operators.
    public var log: Log { services.log }
    /// The prefixes of personal tokens.
    package var prefixes: TokenPrefixes { services.prefixes }

    /// Starts the jobs: batches are written every second, old rows are deleted every minute.
    public func start() { lifecycle.start() }

    /// Stops the jobs, and writes everything that they have collected.
    public func stop() async { await lifecycle.stop() }

    /// Adds numbers to `/metrics`; `source` is asked at each request for it.
    public func addMetrics(_ source: @escaping @Sendable () -> [Metric]) { lifecycle.metrics.add(source) }
}

// MARK: - The endpoints of an embedding program

extension Authority {
    /// Makes an endpoint whose handler only runs for a caller who may do this.
    ///
    /// The caller is checked before the handler runs, so that bad credentials are refused before the body is looked at.
    ///
    /// - Parameters:
    ///   - scope: The scope that a token needs. A session needs no scope.
    ///   - handler: Answers the request of a caller who was checked.
    public func protect(
        _ scope: ScopeToken, _ handler: @escaping @Sendable (Request, Caller) async throws -> Response
    ) -> Endpoint { protect(scope, APIHandler(handler)) }

    /// Makes an endpoint whose handler takes a body, which is held to its rules after the caller was checked.
    public func protect<Body: APIBody>(
        _ scope: ScopeToken, _ handler: @escaping @Sendable (Request, Caller, Body) async throws -> Response
    ) -> Endpoint { protect(scope, reading(handler)) }

    /// Makes an endpoint of a handler that creates something for a caller who may do this; see ``protect(_:_:)``.
    public func protect(_ scope: ScopeToken, _ handler: APIHandler<Caller>) -> Endpoint {
        authenticator.protect(scope, handler)
    }

    /// Makes an endpoint whose handler only runs for a known caller, with any scope.
    public func protect(
        _ handler: @escaping @Sendable (Request, Caller) async throws -> Response
    ) -> Endpoint { protect(APIHandler(handler)) }

    /// Makes an endpoint for a known caller whose handler takes a body.
    public func protect<Body: APIBody>(
        _ handler: @escaping @Sendable (Request, Caller, Body) async throws -> Response
    ) -> Endpoint { protect(reading(handler)) }

    /// Makes an endpoint of a handler that creates something for a known caller; see ``protect(_:)``.
    public func protect(_ handler: APIHandler<Caller>) -> Endpoint { authenticator.protect(handler) }

    /// Makes an endpoint of something sensitive: a session must have begun, or been confirmed, lately. A token needs its
    /// scope, as in ``protect(_:_:)``.
    public func protectSensitive(
        _ scope: ScopeToken, _ handler: @escaping @Sendable (Request, Caller) async throws -> Response
    ) -> Endpoint { protectSensitive(scope, APIHandler(handler)) }

    /// Makes an endpoint of something sensitive whose handler takes a body.
    public func protectSensitive<Body: APIBody>(
        _ scope: ScopeToken, _ handler: @escaping @Sendable (Request, Caller, Body) async throws -> Response
    ) -> Endpoint { protectSensitive(scope, reading(handler)) }

    /// Makes an endpoint of a handler that creates something sensitive; see ``protectSensitive(_:_:)``.
    public func protectSensitive(_ scope: ScopeToken, _ handler: APIHandler<Caller>) -> Endpoint {
        authenticator.protectSensitive(scope, handler)
    }

    /// Makes an endpoint of handlers that never wait: a token that can be checked without waiting is answered at once.
    ///
    /// For the most frequent requests; see ``protect(_:_:)`` for the rest. There are two handlers, so that a token goes
    /// from the check to its handler without being packed and unpacked on the way.
    ///
    /// - Parameters:
    ///   - token: Answers the request of a program.
    ///   - session: Answers the request of a person in a browser.
    public func protectImmediate(
        token: @escaping @Sendable (Request, VerifiedAccessToken) throws -> Response,
        session: @escaping @Sendable (Request, User) throws -> Response
    ) -> Endpoint { authenticator.protectImmediate(token: token, session: session) }

    /// Makes an endpoint whose handler is told the caller if there is one. It refuses bad credentials all the same.
    public func open(
        _ handler: @escaping @Sendable (Request, Caller?) async throws -> Response
    ) -> Endpoint { open(APIHandler(handler)) }

    /// Makes an endpoint for every caller whose handler takes a body; see ``open(_:)``.
    public func open<Body: APIBody>(
        _ handler: @escaping @Sendable (Request, Caller?, Body) async throws -> Response
    ) -> Endpoint { open(reading(handler)) }

    /// Makes an endpoint of a handler that creates something, with or without a caller; see ``open(_:)``.
    public func open(_ handler: APIHandler<Caller?>) -> Endpoint { authenticator.open(handler) }

    /// Makes an endpoint that does not look at credentials.
    public func unprotected(_ handler: @escaping Handler) -> Endpoint { Endpoint(.unchecked, handler) }

    /// Makes an endpoint that does not look at credentials, and answers at once where it can.
    public func unprotected(_ responder: Responder) -> Endpoint { Endpoint(.unchecked, responder) }

    /// Makes an endpoint that does not look at credentials, and whose handler takes a body.
    public func unprotected<Body: APIBody>(
        _ handler: @escaping @Sendable (Request, Body) async throws -> Response
    ) -> Endpoint {
        let handler = APIHandler<Void>(upTo: configuration.bodyLimit) { request, _, body in
            try await handler(request, body)
        }
        return handler.described(Endpoint(.unchecked) { request in try await handler.run(request, ()) })
    }

    /// Makes a handler run once for each `Idempotency-Key` of a caller, within 24 hours.
    ///
    /// The first request with a key runs the handler. A second one gets the same answer, without the members in `secrets`;
    /// 409 while the end of the first is not known; 422 when it asks for something else. A request without the field runs
    /// the handler in any case.
    ///
    /// A handler that throws an ``HTTPError`` below 500, or another error that is answered with such a status, must have
    /// created nothing: the key is free again after that.
    ///
    /// - Parameters:
    ///   - secrets: The members of the answer's object that are shown once, and are never stored.
    ///   - limit: The largest body in bytes; that of the configuration if not given.
    ///   - handler: Answers 2xx when it has created something.
    public func creating(
        hiding secrets: Set<String> = [], upTo limit: Int? = nil,
        _ handler: @escaping @Sendable (Request, Caller) async throws -> Response
    ) -> APIHandler<Caller> { retries.creating(hiding: secrets, upTo: limit, APIHandler(handler)) }

    /// The same for a handler that takes a body.
    public func creating<Body: APIBody>(
        hiding secrets: Set<String> = [], upTo limit: Int? = nil,
        _ handler: @escaping @Sendable (Request, Caller, Body) async throws -> Response
    ) -> APIHandler<Caller> {
        retries.creating(hiding: secrets, upTo: limit, reading(handler, upTo: limit))
    }

    /// Makes a handler of an open endpoint run once for each `Idempotency-Key` of a caller.
    ///
    /// Without credentials, a key is not used: nothing else would tell one stranger from another. The body of such a request
    /// may hold a password, so that its fingerprint depends on the caller's secret as well.
    public func creating(
        hiding secrets: Set<String> = [], upTo limit: Int? = nil,
        _ handler: @escaping @Sendable (Request, Caller?) async throws -> Response
    ) -> APIHandler<Caller?> { retries.creating(hiding: secrets, upTo: limit, APIHandler(handler)) }

    /// The same for a handler of an open endpoint that takes a body.
    public func creating<Body: APIBody>(
        hiding secrets: Set<String> = [], upTo limit: Int? = nil,
        _ handler: @escaping @Sendable (Request, Caller?, Body) async throws -> Response
    ) -> APIHandler<Caller?> {
        retries.creating(hiding: secrets, upTo: limit, reading(handler, upTo: limit))
    }

    private func reading<Maker, Body: APIBody>(
        _ handler: @escaping @Sendable (Request, Maker, Body) async throws -> Response, upTo limit: Int? = nil
    ) -> APIHandler<Maker> { APIHandler(upTo: limit ?? configuration.bodyLimit, reading: handler) }
}

// MARK: - The accounts of an embedding program

extension Authority {
    /// Opens an account, whether or not `/register` exists.
    ///
    /// The answer says that an address is taken. Without mail there is no other way to tell its owner, and an answer that
    /// says nothing would leave people with an account that they cannot enter. So that one client cannot learn of many
    /// addresses, attempts are counted for each network before the address is looked for. Input that cannot be an account
    /// is refused before that, and costs nothing.
    ///
    /// - Parameters:
    ///   - email: The address as typed.
    ///   - username: The name as typed.
    ///   - password: The password as typed; all of it counts.
    ///   - request: The request that asks for the account.
    ///   - authorization: That of the caller, if there is one; `nil` for the new user themselves.
    /// - Returns: The new user, with the proof for their first session.
    /// - Throws: ``InvalidInput`` with everything that is wrong with the input, ``TooManyAttempts``, ``StoreError``,
    ///   `PasswordError`.
    public func openAccount(
        email: String, username: String, password: String, for request: Request,
        by authorization: Authorization? = nil
    ) async throws -> SignInProof {
        try await registration.open(
            email: email, username: username, password: password, for: request, by: authorization)
    }

    /// Writes the name, address and role of an account for a caller.
    ///
    /// People sign in with the address, so that a changed address makes an account last. A session needs a fresh
    /// password for that, and a token cannot change an address at all. The account's activity names both addresses.
    ///
    /// - Parameter user: The account with its new values.
    /// - Returns: `false` when the account is gone, when its address is taken, or when it has changed its address too often; see
    ///   ``Accounts/update(_:by:from:at:)``.
    /// - Throws: ``Refused`` for a caller without a fresh password, ``StoreError``.
    public func update(_ user: User, for caller: Caller, _ request: Request) async throws -> Bool {
        try await AccountChange(users: store, accounts: accounts, authenticator: authenticator)
            .update(user, for: caller, request)
    }

    var registration: Registration {
        Registration(accounts: accounts, throttle: services.throttle, clock: clock, log: log)
    }
}
