import DragonTreasure
import Tessera

extension Main {
    /// Puts the parts together, and serves until the process is asked to end. All that an embedding program has to
    /// do is here, in order.
    static func serve(_ options: ServeOptions) async throws {
        // One database holds Tessera's tables and those of the API; each has migrations of its own.
        let database = try await Database.open(options.database)
        try await database.migrate()
        try await database.migrate(sqlite: .dragonTreasure, postgres: .dragonTreasureOnPostgres)
        let treasures = TreasureStore(database)

        var configuration = AuthorityConfiguration(issuer: options.issuer)
        configuration.realm = "Dragon Treasure"
        configuration.scopes = DragonTreasureAPI.scopes
        // As at `POST /api/users`, every visitor may open an account.
        configuration.allowsRegistration = true
        configuration.allowedOrigins = options.allowedOrigins
        let authority = try await Authority(
            configuration, store: database.store, log: .standardError(level: options.logLevel))
        var welcome = Welcome()
        if options.loadsFixtures {
            let fixtures = try await authority.loadFixtures(seed: options.seed)
            try await treasures.loadFixtures(owners: fixtures.accounts.map(\.user), seed: options.seed)
            welcome.fixtures = fixtures
        }

        // The authority's pages and endpoints, then those of the API.
        var router = Router()
        authority.addRoutes(to: &router)
        DragonTreasureAPI(authority: authority, treasures: treasures).addRoutes(to: &router)

        var server = ServerConfiguration()
        server.listen = options.listen
        server.trustedProxies = options.trustedProxies
        if let loops = options.loops { server.loops = loops }
        try await Service(authority: authority, router: router, configuration: server).run { address in
            write(welcome.text(at: address))
        }
        database.close()
    }
}
