import DragonTreasure
import Tessera
import TesseraTestKit
import Testing

/// The tests that `Documentation/testing.md` shows.
@Suite struct TestKitTests {
    @Test func tokenIsGoodUntilItExpires() async throws {
        let world = try await TestAuthority()
        let ada = try await world.person("ada")
        let token = try await world.token(for: ada, scopes: ["tokens:read"], lifetime: .seconds(3600))
        let client = world.client()

        #expect(try await client.get("/api/tokens", token: token).status == 200)
        world.clock.advance(by: .seconds(3600))
        let answer = try await client.get("/api/tokens", token: token)
        #expect(answer.isProblem(401))
        #expect(answer.challenge?.contains("The access token expired") == true)
    }

    @Test func routeOfOnesOwnNeedsItsScope() async throws {
        let world = try await TestAuthority(
            scopes: [ScopeDefinition(.stir, "Stir the pot")],
            addRoutes: { authority, router in
                let endpoint = authority.protect(.stir) { _, _ in Response(.noContent) }
                router.post("/api/pot", endpoint, .stirPot)
            })
        let ada = try await world.person("ada")
        let client = world.client()

        let without = try await world.token(for: ada)
        #expect(try await client.send(.post, "/api/pot", token: without).isProblem(403))
        let with = try await world.token(for: ada, scopes: ["stir"])
        #expect(try await client.send(.post, "/api/pot", token: with).status == 204)
    }

    @Test func personMakesATokenInThePage() async throws {
        let world = try await TestAuthority()
        let ada = try await world.person("ada")
        let browser = try await world.browser(of: ada)

        _ = try await browser.get("/settings/tokens/new")
        let page = try await browser.post(
            "/settings/tokens/new", form: [("name", "Laptop"), ("expires", "30d")])
        let token = try #require(page.element(id: "new-token"))
        #expect(try await world.client().get("/api/me", token: token)["username"]?.string == "ada")
    }

    @Test func answerThatIsNotDescribedFailsTheTest() async throws {
        let world = try await TestAuthority(addRoutes: { authority, router in
            router.get("/api/pot", authority.unprotected { _ in Response(.ok) }, .stirPot)
        })
        await #expect(throws: UndescribedAnswer.self) { try await world.client().get("/api/pot") }
    }

    @Test func fixturesAreTheSameForTheSameSeed() async throws {
        let world = try await TestAuthority()
        let fixtures = try await world.authority.loadFixtures(seed: 7)
        let ember = fixtures.accounts[1]
        #expect(ember.user.email.text == "ember@example.com" && ember.password == "a-hoard-of-old-gold")
        let token = fixtures.token.secret.plainText
        #expect(try await world.client().get("/api/me", token: token)["username"]?.string == "Ember")
    }
}

extension ScopeToken {
    fileprivate static let stir = ScopeToken("stir")!
}

extension APIOperation {
    fileprivate static let stirPot = APIOperation(
        "stirPot", "Stir the pot", in: .caller, answers: [.noContent("It is stirred.")])
}
