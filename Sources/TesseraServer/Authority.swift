import Synchronization
public import TesseraCore
public import TesseraCrypto
public import TesseraHTTP
public import TesseraHosting

/// An access-token authority: the services of the domain over one store, and the HTTP side of them.
///
/// A program embeds one by adding its routes to a router and protecting its own handlers with ``protect(_:_:)``, or
/// with ``open(_:)`` where nobody has to be known:
///
/// ```swift
/// let authority = try await Authority(configuration, store: store)
/// var router = Router()
/// authority.addRoutes(to: &router)
/// router.post("/api/treasures", authority.protect(.treasureCreate, createTreasure), .createTreasure)
/// let responder = authority.service(of: router)
/// ```
public final class Authority: Sendable {
    public let configuration: AuthorityConfiguration
    public let clock: WallClock
    public let accounts: Accounts
    public let sessions: SessionDesk
    public let catalogue: ScopeCatalogue
    public let tokens: TokenDesk
    public let checker: TokenChecker
    public let refusals: RefusalLog
    public let requests: TokenRequestLog
    public let store: any Store
    public let log: Log
    let cache: TokenCache
    let uses: TokenUseLog
    let cookies: CookieNames
    let browsers: KnownBrowsers
    let throttle: SharedThrottle
    let challenges: ChallengeBook
    /// The pages of other origins that may call the API; `nil` for none.
    let cors: CORS?
    /// What personal tokens begin with.
    package let prefixes: TokenPrefixes
    let identifiers: IdentifierSource
    let refusalIdentifiers: IdentifierSource
    let hasher: PasswordHasher
    let random: RandomSource
    let metrics = MetricsRegistry()
    /// How what happens by itself has gone.
    let board = JobBoard()
    /// Whether this machine and the database agree on what time it is.
    let clockComparison: ClockComparison
    private let work = Mutex<Task<Void, Never>?>(nil)
    /// This process, among those that share the store.
    private let node: Node.ID
    private let isObserving = Atomic<Bool>(false)
    /// Whether the process is about to stop, so that nobody should be sent here any more.
    let isLeaving = Atomic<Bool>(false)

    /// Makes an authority over a store that has been migrated, and reads the catalogue of scopes.
    ///
    /// - Parameters:
    ///   - store: What it keeps everything in.
    ///   - clock: Where the present instant comes from.
    ///   - random: Where tokens, identifiers and salts come from.
    ///   - log: Where lines for operators go.
    /// - Throws: ``StoreError``.
    public init(
        _ configuration: AuthorityConfiguration, store: any Store, clock: WallClock = .system,
        random: RandomSource = .system, log: Log = .silent
    ) async throws {
        let cache = TokenCache(
            capacity: configuration.tokenCacheCapacity, isCertain: store.hearsForeignChanges,
            memory: .pages)
        let uses = TokenUseLog(cache: cache)
        let identifiers = IdentifierSource(random: random)
        let hasher = PasswordHasher(
            parameters: configuration.passwordParameters, threadCount: ServerConfiguration.processors,
            random: random)
        let catalogue = ScopeCatalogue(store: store, cache: cache, identifiers: identifiers)
        self.configuration = configuration
        self.identifiers = identifiers
        self.store = store
        node = identifiers.next(at: clock.now)
        self.clock = clock
        self.log = log
        clockComparison = ClockComparison(log: log)
        self.cache = cache
        self.uses = uses
        self.hasher = hasher
        self.random = random
        self.catalogue = catalogue
        cookies = CookieNames(
            installation: try await store.installationSecret("cookie-names", otherwise: random.bytes(32)),
            isHTTPS: configuration.isHTTPS)
        var shared: SharedThrottle.Shared?
        if let throttle = store.sharedThrottle {
            let key = try await store.installationSecret("throttle", otherwise: random.bytes(32))
            shared = .init(throttle, key: Secret(key))
        }
        throttle = SharedThrottle(SignInThrottle(configuration.signInThrottle), shared: shared)
        browsers = KnownBrowsers(
            key: Secret(
                try await store.installationSecret("known-browsers", otherwise: random.bytes(32))))
        challenges = ChallengeBook(realm: configuration.realm)
        cors = configuration.cors.map(CORS.init(_:))
        refusalIdentifiers = IdentifierSource(random: .insecure)
        refusals = RefusalLog(store: store)
        requests = TokenRequestLog(
            store: store,
            perSecond: configuration.retention.requests == .zero ? 0 : configuration.requestsPerSecond)
        accounts = Accounts(
            users: store, hasher: hasher, identifiers: identifiers, cache: cache,
            policy: configuration.passwordPolicy)
        sessions = SessionDesk(
            store: store, identifiers: identifiers, random: random, limits: configuration.sessionLimits)
        let prefixes = try await TokenPrefixes.load(
            from: store, wanted: configuration.tokenPrefix, role: configuration.tokenPrefixRole,
            at: clock.now)
        self.prefixes = prefixes
        if let replaced = prefixes.replaced {
            log.warning(
                "new tokens begin with \(prefixes.own)_ from now on; those that begin with \(replaced)_ stay valid"
            )
        }
        tokens = TokenDesk(
            store: store, catalogue: catalogue, cache: cache, format: prefixes.format,
            identifiers: identifiers, random: random, policy: configuration.tokenPolicy)
        checker = TokenChecker(
            format: prefixes.format, store: store, catalogue: catalogue, cache: cache, uses: uses)
        try await catalogue.ensure(ScopeDefinition.builtIn + configuration.scopes, at: clock.now)
        // Who holds nothing in memory, as a command that soon ends, has nothing to be told.
        if configuration.tokenCacheCapacity > 0 { observeForeignChanges() }
        metrics.add { [refusals, throttle] in
            Self.metrics(of: refusals, throttle: throttle, cache: cache)
        }
        metrics.add { store.traffic().map(Self.metrics(of:)) ?? [] }
        metrics.add { [board, refusals, requests] in
            Self.metrics(
                of: board,
                queues: [
                    ("uses", uses.count), ("refusals", refusals.count), ("requests", requests.count),
                    ("passwords", hasher.waitingCount),
                ])
        }
    }

    /// What surrounds every handler: errors become answers, answers get their security fields and, if wanted, a log line.
    public func serviceLayer(accessLog: AccessLog? = nil) -> ServiceLayer {
        var headers = SecurityHeaders.Configuration()
        headers.isBehindTLS = configuration.isHTTPS
        return ServiceLayer(
            securityHeaders: SecurityHeaders(headers),
            cors: cors,
            refusePreflight: { [self] request in
                foreignPreflight(request).map { response(to: $0, for: request) }
            },
            accessLog: accessLog
        ) { [self] error, request in
            response(to: error, for: request)
        }
    }

    /// Starts what happens by itself: batches are written every second, old rows are deleted every minute.
    public func start() {
        observeForeignChanges()
        work.withLock { task in
            guard task == nil else { return }
            let housekeeping = housekeeping
            task = Task { await housekeeping.run() }
        }
    }

    /// From now on `GET /readyz` answers that nobody should be sent here any more; everything else is as before.
    func leave() { isLeaving.store(true, ordering: .relaxed) }

    /// Stops that, and writes what has been collected.
    public func stop() async {
        let task = work.withLock { task in
            defer { task = nil }
            return task
        }
        task?.cancel()
        await task?.value
        await housekeeping.finish()
        hasher.shutDown()
    }

    var housekeeping: Housekeeping {
        Housekeeping(jobs: Housekeeping.jobs(of: self), board: board, clock: clock, log: log) {
            [store, node] job in
            // Where the store cannot be asked, the job fails for the same reason, and says so.
            (try? await store.lease(job.name, to: node, for: job.leaseDuration)) ?? true
        }
    }

    /// From now on, what others change in the store is forgotten here.
    private func observeForeignChanges() {
        guard !isObserving.exchange(true, ordering: .relaxed) else { return }
        // Not by way of the authority: whatever a weak reference points to is counted slowly from then on, and every
        // request counts the authority several times.
        let watch = CatalogueWatch(catalogue, prefixes, log: log)
        store.observeTroubles { [log] trouble in log.error(trouble.sentence) }
        store.observeForeignChanges { [cache, log] change in
            switch change {
            case .token(let digest): cache.remove(digest)
            case .account(let owner): cache.remove(owner: owner)
            case .scopes: watch.wake()
            case .everything:
                if cache.restart() { log.info("changes by other nodes are heard") }
                watch.wake(isUnheard: false)
            case .unheard:
                cache.bypass()
                if watch.wake(isUnheard: true) {
                    log.warning(
                        "changes by other nodes are not heard; every token is looked up in the database")
                }
            }
        }
    }
}
