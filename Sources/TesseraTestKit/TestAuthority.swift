public import TesseraCore
import TesseraCrypto
public import TesseraHTTP
import TesseraJOSE
public import TesseraOpenAPI
public import TesseraServer
import TesseraStores

/// An authority over a new store, in memory unless ``TestStore/chosen`` says otherwise, with a clock that stands still,
/// the same random numbers in every run, and passwords that are hashed fast.
public final class TestAuthority: Sendable {
    public let authority: Authority
    public let clock: FixedClock
    /// What programs can call. Clients hold every answer against it.
    public let description: APIDescription
    private let responder: Responder

    /// - Parameters:
    ///   - scopes: What is in the catalogue beside Tessera's own.
    ///   - store: Where everything is kept; `nil` for a new store of the kind that ``TestStore/chosen`` names.
    ///   - seed: What its random numbers begin with; another for each node of several on one database, as in life.
    ///   - configure: Changes the configuration before the authority is made.
    ///   - addRoutes: Adds the routes of a program that embeds it.
    public init(
        scopes: [ScopeDefinition] = [], clock: FixedClock = FixedClock(), store: (any Store)? = nil,
        seed: UInt64 = 1,
        configure: (inout AuthorityConfiguration) -> Void = { _ in },
        addRoutes: (Authority, inout Router) -> Void = { _, _ in }
    ) async throws {
        var configuration = AuthorityConfiguration(issuer: "http://127.0.0.1:8080")
        configuration.scopes = scopes
        guard let parameters = Argon2Parameters(memory: 8, passes: 1) else {
            preconditionFailure("argon2 takes less than its minimum")
        }
        configuration.passwordParameters = parameters
        configure(&configuration)
        let kept: any Store
        if let store { kept = store } else { kept = try await TestStore.chosen.make() }
        authority = try await Authority(
            configuration, store: kept, clock: clock.clock, random: .seeded(seed))
        self.clock = clock
        var router = Router()
        authority.addRoutes(to: &router)
        addRoutes(authority, &router)
        description = authority.description(of: router)
        responder = authority.service(of: router)
    }

    /// The password of everybody who is made here.
    public static let password = "an old and dusty hoard"

    /// Lets time pass, also for what goes by the clock of the database: attempts that nodes count together.
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

    /// Adds a person.
    public func person(_ name: String, isOperator: Bool = false) async throws -> User {
        try await authority.accounts.add(
            email: "\(name)@example.org", username: name, password: Self.password, isOperator: isOperator,
            by: .commandLine, at: clock.now
        ).user
    }

    /// Issues a token to this person.
    ///
    /// - Parameter lifetime: How long it lives; `nil` for ever.
    public func issue(
        to user: User, scopes: [String] = [], name: String = "test", lifetime: Duration? = nil
    ) async throws -> IssuedToken {
        let order = TokenDesk.Order(name: name, scopes: scopes, expiresAt: lifetime.map { clock.now + $0 })
        return try await authority.tokens.issue(order, to: user, by: .commandLine, at: clock.now)
    }

    /// A new token of this person, as it stands behind `Bearer`.
    public func token(
        for user: User, scopes: [String] = [], lifetime: Duration? = nil
    ) async throws -> String {
        try await issue(to: user, scopes: scopes, lifetime: lifetime).secret.plainText
    }

    /// Somebody at the other end: with a jar of their own, empty at first.
    public func client() -> TestClient { TestClient(responder, description: description) }

    /// A browser in which this person has signed in, through the page.
    public func browser(of user: User) async throws -> TestClient {
        let client = client()
        _ = try await client.get("/login")
        let answer = try await client.post(
            "/login", form: [("email", user.email.text), ("password", Self.password)])
        guard answer.status == 303 else { throw SignInFailed(status: answer.status) }
        return client
    }

    /// Starts a session of this person without the page, and returns what its cookie holds.
    public func session(of user: User) async throws -> String {
        guard let proof = try await authority.store.userForLogin(user.email),
            let started = try await authority.sessions.start(
                proof, userAgent: "", address: "local", at: clock.now)
        else { throw SignInFailed(status: 0) }
        return started.cookie
    }

    /// Signing in as a test person failed: what the test is about cannot begin.
    public struct SignInFailed: Error {
        public let status: Int
    }
}
