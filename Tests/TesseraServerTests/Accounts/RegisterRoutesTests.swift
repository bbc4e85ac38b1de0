import TesseraCore
import TesseraHTTP
import TesseraOpenAPI
import TesseraServer
import TesseraTestKit
import Testing

@Suite struct RegisterRoutesTests {
    private static let password = "goblets dented by teeth"

    private func world(_ configure: (inout AuthorityConfiguration) -> Void = { _ in }) async throws
        -> TestAuthority
    {
        try await TestAuthority(configure: { configuration in
            configuration.allowsRegistration = true
            configure(&configuration)
        })
    }

    private func register(
        _ client: TestClient, _ email: String = "cinder@example.org", _ username: String = "Cinder",
        _ password: String = password, next: String = ""
    ) async throws -> TestAnswer {
        _ = try await client.get("/register")
        return try await client.post(
            "/register",
            form: [("email", email), ("username", username), ("password", password), ("next", next)])
    }

    private func users(_ world: TestAuthority) async throws -> [User] {
        try await world.authority.store.users(after: nil, limit: 99)
    }

    @Test func itDoesNotExistUnlessTheOperatorWantsIt() async throws {
        let world = try await TestAuthority()
        let client = world.client()
        #expect(try await client.get("/register").status == 404)
        let signIn = try await client.get("/login")
        #expect(!signIn.text.contains("/register"))
        let answer = try await client.post(
            "/register", form: [("email", "a@b.example"), ("username", "a"), ("password", Self.password)])
        #expect(answer.status == 404)
        #expect(try await users(world).isEmpty)
    }

    @Test func newPersonIsSignedInAtOnceAndNoOperator() async throws {
        let world = try await world()
        let client = world.client()
        #expect(try await client.get("/login?next=%2F").text.contains("href=\"/register?next=%2F\""))
        let answer = try await register(client, next: "/settings/security")
        #expect(answer.status == 303)
        #expect(answer.location == "/settings/security")
        let user = try #require(try await users(world).first)
        #expect(user.email.text == "cinder@example.org")
        #expect(user.username == "Cinder")
        #expect(!user.isOperator)
        let activity = try await client.get("/settings/activity").text
        #expect(activity.contains("You opened your account"))
        #expect(activity.contains("<code>local</code>"))
        // They sign in with what they have typed.
        let other = world.client()
        _ = try await other.get("/login")
        let form = [("email", "CINDER@example.org"), ("password", Self.password)]
        #expect(try await other.post("/login", form: form).status == 303)
    }

    @Test func addressIsOneAccountInEverySpelling() async throws {
        let world = try await world()
        #expect(try await register(world.client(), "\u{DC}N\u{CF}@ex\u{E4}mple.de").status == 303)
        for spelling in [
            "\u{FC}n\u{EF}@ex\u{E4}mple.de", "u\u{308}ni\u{308}@exa\u{308}mple.de",
            "U\u{308}N\u{CF}@XN--EXMPLE-CUA.de",
        ] {
            let client = world.client()
            #expect(try await register(client, spelling).status == 422)
            let form = [("email", spelling), ("password", Self.password)]
            #expect(try await client.post("/login", form: form).status == 303)
        }
        #expect(try await users(world).map(\.email.text) == ["\u{DC}N\u{CF}@ex\u{E4}mple.de"])
    }

    @Test(arguments: [
        ("kee\u{200B}per@example.com", "Cinder"), ("a@b.example", "kee\u{202E}per"),
        ("a@b.example", "a\u{200B}b"),
        ("a@b.example", "a" + String(repeating: "\u{301}", count: 500)), ("\"a\"@b.example", "Cinder"),
    ])
    func nobodyLooksLikeAnother(_ email: String, _ username: String) async throws {
        let world = try await world()
        #expect(try await register(world.client(), email, username).status == 422)
        #expect(try await users(world).isEmpty)
    }

    @Test func nameIsKeptComposedWithSingleSpaces() async throws {
        let world = try await world()
        #expect(try await register(world.client(), "a@b.example", "  A\u{30A}sa \u{3000}B ").status == 303)
        let username = try #require(try await users(world).first).username
        #expect(username.utf8.elementsEqual("\u{C5}sa B".utf8))
    }

    @Test func everythingThatIsWrongIsSaidAndOnlyThePasswordIsLost() async throws {
        let world = try await world()
        let client = world.client()
        let answer = try await register(client, "cinder", " ", "short")
        #expect(answer.status == 422)
        for message in [
            "This is not an e-mail address.", "Use 1 to 50 printable characters.",
            "Use at least 15 characters",
        ] { #expect(answer.text.contains(message)) }
        #expect(answer.text.contains("value=\"cinder\""))
        #expect(!answer.text.contains("short"))
        #expect(client.cookie("tessera-session") == nil)
        #expect(try await users(world).isEmpty)
    }

    @Test(arguments: ["cinder cinder cinder", "passwordpassword1", "cinder@example.org"])
    func guessablePasswordIsRefused(password: String) async throws {
        let world = try await world()
        #expect(try await register(world.client(), "cinder@example.org", "Cinder", password).status == 422)
        #expect(try await users(world).isEmpty)
    }

    @Test func addressThatIsTakenIsSaidAtItsField() async throws {
        let world = try await world()
        let ember = try await world.person("ember")
        let client = world.client()
        let answer = try await register(client, "EMBER@example.org")
        #expect(answer.status == 422)
        #expect(answer.text.contains("There is an account with this e-mail address already."))
        #expect(try await users(world) == [ember])
        #expect(client.cookie("tessera-session") == nil)
        // The account is what it was.
        _ = try await world.browser(of: ember)
    }

    @Test func attemptsAreCountedBeforeAnAddressIsLookedFor() async throws {
        let world = try await world { configuration in
            configuration.signInThrottle.sharedRegistrations = .init(
                free: 2, shortest: .seconds(10), longest: .seconds(10), memory: .seconds(3_600))
        }
        _ = try await world.person("ember")
        let client = world.client()
        // What cannot be an account costs nothing.
        for _ in 0..<5 { #expect(try await register(client, "nobody").status == 422) }
        for _ in 0..<2 { #expect(try await register(client, "ember@example.org").status == 422) }
        let answer = try await register(client, "ember@example.org")
        #expect(answer.status == 429)
        #expect(answer.fields[.retryAfter] == "10")
        #expect(!answer.text.contains("There is an account"))
        #expect(answer.text.contains("value=\"ember@example.org\""))
        #expect(try await register(client, "cinder@example.org").status == 429)
        #expect(try await users(world).count == 1)
        try await world.advance(by: .seconds(10))
        #expect(try await register(client, "cinder@example.org").status == 303)
        // Signing in is not held up by it.
        #expect(try await register(world.client(), "ash@example.org").status == 429)
        _ = try await world.browser(of: try await world.person("flint"))
    }

    @Test func itNeedsAPageOfOursAndLeadsToNoOtherSite() async throws {
        let world = try await world()
        let client = world.client()
        _ = try await client.get("/register")
        let form = [("email", "a@b.example"), ("username", "a"), ("password", Self.password)]
        #expect(try await client.post("/register", form: form, proof: "wrong").status == 403)
        let elsewhere: Fields = [.origin: "https://evil.example"]
        #expect(try await client.post("/register", form: form, fields: elsewhere).status == 403)
        #expect(try await users(world).isEmpty)
        #expect(try await register(client, next: "//evil.example").location == "/settings/tokens")
    }

    @Test func whoeverIsSignedInOpensNoSecondAccount() async throws {
        let world = try await world()
        let browser = try await world.browser(of: try await world.person("ember"))
        #expect(try await browser.get("/register?next=%2F").location == "/")
        _ = try await browser.get("/settings/tokens")
        #expect(
            try await browser.post(
                "/register",
                form: [("email", "b@b.example"), ("username", "b"), ("password", Self.password)]
            ).status == 303)
        #expect(try await users(world).count == 1)
    }

    @Test func embeddingProgramOpensAccountsWithinTheSameBudget() async throws {
        let operation = APIOperation(
            "open", "Open an account", in: .caller,
            answers: [
                .noContent("Done."), .problem(.unprocessableContent, "Impossible."),
                .problem(.tooManyRequests, "Too many.", fields: [.retryAfter]),
            ])
        let world = try await TestAuthority(
            configure: { configuration in
                configuration.signInThrottle.sharedRegistrations = .init(
                    free: 2, shortest: .seconds(10), longest: .seconds(10), memory: .seconds(3_600))
            },
            addRoutes: { authority, router in
                let open: @Sendable (Request, Caller?) async throws -> Response = { request, caller in
                    let name = request.query ?? ""
                    _ = try await authority.openAccount(
                        email: "\(name)@example.org", username: name, password: Self.password, for: request,
                        by: caller?.authorization)
                    return Response(.noContent)
                }
                router.post("/api/people", authority.open(open), operation)
            })
        func open(_ name: String) async throws -> TestAnswer {
            try await world.client().send(.post, "/api/people?\(name)")
        }
        #expect(try await open("ash").status == 204)
        #expect(try await open("ash").isProblem(422))
        let answer = try await open("flint")
        #expect(answer.isProblem(429))
        #expect(answer.fields[.retryAfter] == "10")
        #expect(try await users(world).map(\.username) == ["ash"])
        try await world.advance(by: .seconds(10))
        #expect(try await open("flint").status == 204)
        let ash = try #require(try await users(world).first)
        let event = try await world.authority.store.lastEvent(.userAdded, concerning: ash.id)
        #expect(event?.actor == .user(ash.id))
    }
}
