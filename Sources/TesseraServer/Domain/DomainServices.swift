import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraHosting

/// The services of the domain over one store. ``Authority`` and ``Lifecycle`` take all of them, a subject only a few.
final class DomainServices: Sendable {
    let configuration: AuthorityConfiguration
    let store: any Store
    let clock: WallClock
    let random: RandomSource
    let log: Log
    let identifiers: IdentifierSource
    let hasher: PasswordHasher
    let cache: TokenCache
    let uses: TokenUseLog
    let catalogue: ScopeCatalogue
    let prefixes: TokenPrefixes
    let accounts: Accounts
    let sessions: SessionDesk
    let tokens: TokenDesk
    let checker: TokenChecker
    let throttle: SharedThrottle
    let refusals: RefusalLog
    let requests: TokenRequestLog

    /// Makes the services over a store that has been migrated, and reads the catalogue of scopes.
    init(
        _ configuration: AuthorityConfiguration, store: any Store, clock: WallClock, random: RandomSource,
        log: Log
    ) async throws {
        self.configuration = configuration
        self.store = store
        self.clock = clock
        self.random = random
        self.log = log
        identifiers = IdentifierSource(random: random)
        hasher = PasswordHasher(
            parameters: configuration.passwordParameters, threadCount: ServerConfiguration.processors,
            random: random)
        cache = TokenCache(
            capacity: configuration.tokenCacheCapacity, isCertain: store.hearsForeignChanges,
            memory: .pages)
        uses = TokenUseLog(cache: cache)
        catalogue = ScopeCatalogue(store: store, identifiers: identifiers)
        var shared: SharedThrottle.Shared?
        if let throttle = store.sharedThrottle {
            let key = try await store.installationSecret("throttle", otherwise: random.bytes(32))
            shared = .init(throttle, key: Secret(key))
        }
        throttle = SharedThrottle(SignInThrottle(configuration.signInThrottle), shared: shared)
        refusals = RefusalLog(store: store)
        requests = TokenRequestLog(
            store: store,
            perSecond: configuration.retention.requests == .zero ? 0 : configuration.requestsPerSecond)
        accounts = Accounts(
            users: store, hasher: hasher, identifiers: identifiers, policy: configuration.passwordPolicy)
        sessions = SessionDesk(
            store: store, identifiers: identifiers, random: random, limits: configuration.sessionLimits)
        prefixes = try await TokenPrefixes.load(
            from: store, wanted: configuration.tokenPrefix, role: configuration.tokenPrefixRole,
            at: clock.now)
        if let replaced = prefixes.replaced {
            log.warning(
                "new tokens begin with \(prefixes.own)_ from now on; those that begin with \(replaced)_ stay valid"
            )
        }
        tokens = TokenDesk(
            store: store, catalogue: catalogue, format: prefixes.format, identifiers: identifiers,
            random: random, policy: configuration.tokenPolicy)
        checker = TokenChecker(
            format: prefixes.format, store: store, catalogue: catalogue, cache: cache, uses: uses)
        try await catalogue.ensure(ScopeDefinition.builtIn + configuration.scopes, at: clock.now)
    }
}
