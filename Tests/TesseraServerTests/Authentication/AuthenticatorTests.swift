import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraSQLite
import TesseraServer
import TesseraStores
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct AuthenticatorTests {
    private static func invalid(_ description: String) -> String {
        #"Bearer realm="Tessera", error="invalid_token", error_description="\#(description)""#
    }

    @Test func tokenIsDeadAtItsExpiryAndNotBefore() async throws {
        let world = try await TestAuthority()
        let token = try await world.token(for: try await world.person("ember"), lifetime: .seconds(60))
        world.clock.advance(by: .milliseconds(59_999))
        #expect(try await world.client().get("/api/me", token: token).status == 200)
        world.clock.advance(by: .milliseconds(1))
        // The first look-up has left it in the cache.
        let answer = try await world.client().get("/api/me", token: token)
        #expect(answer.isProblem(401))
        #expect(answer.challenge == Self.invalid("The access token expired"))
    }

    @Test(arguments: [
        (Duration?.some(.seconds(7 * 86_400)), true), (.seconds(7 * 86_400 + 1), false), (.seconds(1), true),
        (nil, false),
    ])
    func expiryWithinAWeekIsTold(lifetime: Duration?, isTold: Bool) async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        let token = try await world.token(for: ember, scopes: ["tokens:read"], lifetime: lifetime)
        for path in ["/api/me", "/api/tokens"] {
            let answer = try await world.client().get(path, token: token)
            #expect(answer.status == 200)
            let told = answer.fields["Tessera-Token-Expires"]
            #expect(told == (isTold ? lifetime.map { (world.clock.now + $0).rfc3339 } : nil))
        }
    }

    @Test func disabledOwnersTokensAndSessionsAreRefusedAtOnceAndComeBack() async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        let token = try await world.token(for: ember)
        let browser = try await world.browser(of: ember)
        let client = world.client()
        #expect(try await client.get("/api/me", token: token).status == 200)
        let accounts = world.authority.accounts
        #expect(try await accounts.setDisabled(true, user: ember.id, by: .commandLine, at: world.clock.now))
        let answer = try await client.get("/api/me", token: token)
        #expect(answer.isProblem(401))
        // Nobody but the owner and operators learns that the account is disabled.
        #expect(answer.challenge == Self.invalid("The access token was revoked"))
        #expect(try await browser.get("/api/me").isProblem(401))
        #expect(try await accounts.setDisabled(false, user: ember.id, by: .commandLine, at: world.clock.now))
        #expect(try await client.get("/api/me", token: token).status == 200)
    }

    @Test func revocationHoldsAtOnceWithAWarmCache() async throws {
        let world = try await TestAuthority()
        let issued = try await world.issue(to: try await world.person("ember"))
        let (client, token) = (world.client(), issued.secret.plainText)
        for _ in 1...3 { #expect(try await client.get("/api/me", token: token).status == 200) }
        #expect(try await world.authority.tokens.revoke(issued.token, by: .commandLine, at: world.clock.now))
        let answer = try await client.get("/api/me", token: token)
        #expect(answer.isProblem(401))
        #expect(answer.challenge == Self.invalid("The access token was revoked"))
    }

    @Test func revocationByAnotherProcessHoldsWithinASecond() async throws {
        let directory = try TemporaryDirectory()
        let here = try await SQLiteStore.open(path: directory.path("t.db"), migrate: true)
        let there = try await SQLiteStore.open(path: directory.path("t.db"), migrate: true)
        let server = try await TestAuthority(store: here)
        let issued = try await server.issue(to: try await server.person("ember"))
        let (client, token) = (server.client(), issued.secret.plainText)
        #expect(try await client.get("/api/me", token: token).status == 200)
        #expect(try await there.revoke(issued.token.id, audit: .make()) != .unknown)
        let revoked = ContinuousClock.now
        while try await client.get("/api/me", token: token).status == 200 {
            try #require(ContinuousClock.now - revoked < .seconds(1))
            await Task.yield()
        }
    }

    @Test func tokenMadeByAnotherProcessIsAcceptedBeforeAnyNotice() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("t.db")
        let there = try await SQLiteStore.open(path: path, migrate: true)
        let maker = try await TestAuthority(store: there)
        let ember = try await maker.person("ember")
        let here = SQLiteStore(
            database: try SQLiteDatabase(path: path, options: .init(readerCount: 1, doubtfulAge: .zero)))
        let server = try await TestAuthority(store: here)
        for _ in 1...5 {
            #expect(try await server.client().get("/api/me", token: "tcp_").isProblem(401))
            let token = try await maker.token(for: ember)
            #expect(try await server.client().get("/api/me", token: token).status == 200)
        }
    }

    @Test func whereNobodySharesTheStoreNoKeyIsDrawnForThat() async throws {
        let store = try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        _ = try await TestAuthority(store: store)
        let names = try store.database.read {
            try $0.query("SELECT name FROM installation_secret") { try $0.text(0) }
        }
        #expect(names == ["cookie-names", "known-browsers"])
    }

    @Test(arguments: ["Bearer", "bearer", "BEARER", "bEaReR"])
    func schemeIsReadInAnyCase(scheme: String) async throws {
        let world = try await TestAuthority()
        let token = try await world.token(for: try await world.person("ember"))
        let answer = try await world.client().send(
            .get, "/api/me", fields: [.authorization: "\(scheme) \(token)"])
        #expect(answer.status == 200)
    }

    @Test func nothingSentIsChallengedWithoutAnErrorCode() async throws {
        let world = try await TestAuthority()
        let answer = try await world.client().get("/api/me")
        #expect(answer.isProblem(401))
        #expect(answer.challenge == #"Bearer realm="Tessera""#)
    }

    /// Not even where nobody has to be known, and not with a session: the client means to be known by the field.
    @Test func anEmptyFieldIsChallengedWithoutAnErrorCode() async throws {
        let world = try await TestAuthority(addRoutes: { authority, router in
            router.get(
                "/api/open", authority.open { _, _ in Response(.noContent) },
                APIOperation("open", "Open to everybody", in: .service, answers: [.noContent("Open.")]))
        })
        let browser = try await world.browser(of: try await world.person("ember"))
        for path in ["/api/me", "/api/open"] {
            let answer = try await browser.send(.get, path, fields: [.authorization: ""])
            #expect(answer.isProblem(401))
            #expect(answer.challenge == #"Bearer realm="Tessera""#)
            #expect(
                answer["detail"]?.string == "An access token is needed; the field Authorization is empty.")
            #expect(try await browser.get(path).status < 300)
        }
    }

    @Test func twoCredentialsAreABadRequest() async throws {
        let world = try await TestAuthority()
        let token = try await world.token(for: try await world.person("ember"))
        let answer = try await world.client().send(
            .get, "/api/me", token: token, fields: [.authorization: "Bearer \(token)"])
        #expect(answer.isProblem(400))
    }

    @Test func badTokenIsNotSavedByAGoodSession() async throws {
        let world = try await TestAuthority()
        let browser = try await world.browser(of: try await world.person("ember"))
        #expect(try await browser.get("/api/me").status == 200)
        #expect(try await browser.get("/api/me", token: "wrong").isProblem(401))
    }
}
