public import TesseraCore
import TesseraCrypto
public import TesseraHTTP
import TesseraPostgres
public import TesseraServer
import TesseraStores
import TesseraTime

/// An authority for tests: on a new store of the kind ``TestStore/chosen``, with a fixed clock, the same random numbers in
/// every run, and fast password hashes.
public final class TestAuthority: Sendable {
    /// The authority under test.
    public let authority: Authority
    /// The clock of the authority.
    public let clock: FixedClock
    /// The description of the API. Clients compare every answer with it.
    public let description: APIDescription
    private let responder: Responder

    /// - Parameters:
    ///   - scopes: The scopes of the catalogue in addition to Tessera's own.
    ///   - store: The store; `nil` for a new store of the kind ``TestStore/chosen``.
    ///   - seed: The seed of the random numbers. Several nodes on one database need different seeds.
    ///   - configure: Changes the configuration before the authority is made.
    ///   - addRoutes: Adds the routes of a program that embeds the authority.
    public init(
        scopes: [ScopeDefinition] = [], clock: FixedClock = FixedClock(), store: (any Store)? = nil,
        seed: UInt64 = 1, configure: (inout AuthorityConfiguration) -> Void = { _ in },
        addRoutes: (Authority, inout Router) -> Void = { _, _ in }
    ) async throws {
        var configuration = AuthorityConfiguration(issuer: "http://127.0.0.1:8080")
        configuration.scopes = scopes
        guard let parameters = Argon2Parameters(memory: 8, passes: 1) else {
            preconditionFailure("argon2 takes less than its minimum")
        }
        configuration.passwordParameters = parameters
        configure(&configuration)
        let kept = if let store { store } else { try await TestStore.chosen.make() }
        authority = try await Authority(configuration, store: kept, clock: clock.clock, random: .seeded(seed))
        self.clock = clock
        var router = Router()
        authority.addRoutes(to: &router)
        addRoutes(authority, &router)
        description = authority.description(of: router)
        responder = authority.service(of: router)
    }

    /// The password of all accounts of this type.
    public static let password = "an old and dusty hoard"

    /// Advances the clock. On PostgreSQL, also ages the counters of attempts, which use the database's clock.
    public func advance(by duration: Duration) async throws {
        clock.advance(by: duration)
        guard let store = authority.store as? PostgresStore else { return }
        let milliseconds = Int(duration / .milliseconds(1))
        try await PostgresServer.running().execute(
            """
            UPDATE throttle SET closed_until = closed_until - interval '\(milliseconds) milliseconds',
                forget_at = forget_at - interval '\(milliseconds) milliseconds'
            """, in: store.database.url.database)
    }

    /// Adds an account with the address `NAME@example.org`.
    public func person(_ name: String, isOperator: Bool = false) async throws -> User {
        try await authority.accounts.add(
            email: "\(name)@example.org", username: name, password: Self.password, isOperator: isOperator,
            by: .commandLine, at: clock.now
        ).user
    }

    /// Issues a token to this person.
    ///
    /// - Parameter lifetime: The lifetime of the token; `nil` for a token that does not expire.
    public func issue(
        to user: User, scopes: [String] = [], name: String = "test", lifetime: Duration? = nil
    ) async throws -> IssuedToken {
        let order = TokenDesk.Order(name: name, scopes: scopes, expiresAt: lifetime.map { clock.now + $0 })
        return try await authority.tokens.issue(order, to: user, by: .commandLine, at: clock.now)
    }

    /// Issues a token to this person, and returns the string that a client sends after `Bearer`.
    public func token(
        for user: User, scopes: [String] = [], lifetime: Duration? = nil
    ) async throws -> String {
        try await issue(to: user, scopes: scopes, lifetime: lifetime).secret.plainText
    }

    /// Stores the token of a client itself; the string.
    public func tokenOfClient(scope: Scope = [.tokensRead]) async throws -> String {
        let secret = TokenFormat().draw(.oauthAccess, from: .system)
        let client: Client.ID = fixtureIdentifiers.next(at: clock.now)
        let token = AccessToken.make(of: client, scope: scope, expiresAt: clock.now + .seconds(3_600))
        guard try await authority.store.insert(token, digest: secret.digest, audit: nil) else {
            throw StoreError(.corrupt, "A fixture's token was not stored.")
        }
        return secret.plainText
    }

    /// A new client without cookies.
    public func client() -> TestClient { TestClient(responder, description: description) }

    /// A client that has signed in as this person through the page.
    public func browser(of user: User) async throws -> TestClient {
        let client = client()
        _ = try await client.get("/login")
        let answer = try await client.post(
            "/login", form: [("email", user.email.text), ("password", Self.password)])
        guard answer.status == 303 else { throw SignInFailed(status: answer.status) }
        return client
    }

    /// Starts a session of this person without the page, and returns the value of its cookie.
    public func session(of user: User) async throws -> String {
        guard let proof = try await authority.store.userForLogin(user.email),
            let started = try await authority.sessions.start(
                proof, userAgent: "", address: "local", at: clock.now)
        else { throw SignInFailed(status: 0) }
        return started.cookie
    }

    /// A test person could not sign in.
    public struct SignInFailed: Error {
        /// The status of the answer; 0 if the session was started without the page.
        public let status: Int
    }
}
