import TesseraCore
import TesseraHTTP
import TesseraJOSE
import TesseraJSON
import TesseraServer
import TesseraStores
import TesseraTestKit
import Testing

/// Every cause of a refusal leads to a page, for whom it concerns.
@Suite struct RefusalRoutesTests {
    private struct World {
        let kit: TestAuthority
        let ember: User
        let browser: TestClient

        init() async throws {
            kit = try await TestAuthority(addRoutes: { authority, router in
                router.get(
                    "/api/forbidden",
                    authority.protect { _, caller in throw Refused.notPermitted(caller, "Not yours") },
                    APIOperation(
                        "forbid", "Forbid", in: .caller, answers: [.problem(.forbidden, "Not yours.")]))
            })
            ember = try await kit.person("ember")
            browser = try await kit.browser(of: ember)
        }

        /// Makes a request that is refused for this cause.
        func refusal(for cause: RefusalCause) async throws -> TestAnswer {
            let client = kit.client()
            let good = try await kit.issue(to: ember, lifetime: .seconds(60))
            let text = good.secret.plainText
            switch cause {
            case .nothingSent: return try await client.get("/api/me")
            case .foreignScheme:
                return try await client.send(.get, "/api/me", fields: [.authorization: "Basic dTpw"])
            case .malformed: return try await client.get("/api/me", token: "tcp_short")
            case .mistyped:
                return try await client.get(
                    "/api/me", token: text.dropLast() + (text.last == "a" ? "b" : "a"))
            case .unknown:
                let other = try await TestAuthority()
                _ = try await other.token(for: try await other.person("a"))
                let foreign = try await other.token(for: try await other.person("b"))
                return try await client.get("/api/me", token: foreign)
            case .expired:
                kit.clock.advance(by: .seconds(60))
                return try await client.get("/api/me", token: text)
            case .revoked:
                _ = try await kit.authority.tokens.revoke(good.token, by: .commandLine, at: kit.clock.now)
                return try await client.get("/api/me", token: text)
            case .ownerDisabled:
                _ = try await kit.authority.accounts.setDisabled(
                    true, user: ember.id, by: .commandLine, at: kit.clock.now)
                return try await client.get("/api/me", token: text)
            case .insufficientScope: return try await client.get("/api/tokens", token: text)
            case .notPermitted: return try await client.get("/api/forbidden", token: text)
            case .sessionEnded:
                client.plant("tessera-session", String(repeating: "A", count: 43))
                return try await client.get("/api/me")
            case .forgedForm: return try await browser.send(.post, "/api/tokens", json: "{}")
            case .unusableRequest: return try await client.get("/api/nowhere")
            case .storeUnavailable:
                Issue.record("the store has to be away for this one")
                return try await client.get("/api/me")
            }
        }
    }

    /// The causes by which the owner is known who may look the refusal up.
    private static let owned: Set<RefusalCause> = [
        .expired, .revoked, .insufficientScope, .notPermitted, .forgedForm, .ownerDisabled,
    ]

    @Test(arguments: RefusalCause.allCases.filter { $0 != .storeUnavailable })
    func causeIsShownToItsOwnerAndToOperatorsAlone(_ cause: RefusalCause) async throws {
        let world = try await World()
        let answer = try await world.refusal(for: cause)
        #expect((400...404).contains(answer.status))
        let text = try #require(answer.refusal)
        let id = try #require(Refusal.ID(text))
        let refusal = try #require(try await world.kit.authority.refusals.find(id))
        #expect(refusal.cause == cause)
        #expect(refusal.owner == (Self.owned.contains(cause) ? world.ember.id : nil))

        let keeper = try await world.kit.browser(of: try await world.kit.person("keeper", isOperator: true))
        let seen = try await keeper.get("/refusals/\(text)")
        #expect(seen.status == 200)
        #expect(seen.text.contains(refusal.explanation.title))
        #expect(seen.text.contains("<dt>Expired</dt>") == (cause == .expired))
        #expect(seen.text.contains("<dt>Revoked</dt>") == (cause == .revoked))

        let stranger = try await world.kit.browser(of: try await world.kit.person("ash"))
        #expect(try await stranger.get("/refusals/\(text)").status == 404)
        #expect(try await world.kit.client().get("/refusals/\(text)").location?.hasPrefix("/login?") == true)
        // A disabled owner has no session any more.
        if cause != .ownerDisabled {
            let own = try await world.browser.get("/refusals/\(text)")
            #expect(own.status == (Self.owned.contains(cause) ? 200 : 404))
        }
    }

    @Test func storeThatIsAwayIsACauseOfItsOwn() async throws {
        let store = try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        let kit = try await TestAuthority(store: store)
        let token = try await kit.token(for: try await kit.person("ember"))
        store.close()
        let answer = try await kit.client().get("/api/me", token: token)
        #expect(answer.isProblem(503))
        #expect(answer.fields[.retryAfter] == "1")
        let id = try #require(answer.refusal.flatMap { Refusal.ID($0) })
        #expect(try await kit.authority.refusals.find(id)?.cause == .storeUnavailable)
    }

    @Test(arguments: ["0193f2a0-7c1d-7e52-9b1f-2c6d1a4e8f00", "x", "..."])
    func refusalThatIsNotThereIsNotFound(id: String) async throws {
        let world = try await World()
        #expect(try await world.browser.get("/refusals/\(id)").status == 404)
    }

    @Test func markupInThePathIsTextAndATokenInItIsNotKept() async throws {
        let world = try await World()
        let token = try await world.kit.token(for: world.ember)
        let answer = try await world.kit.client().get("/api/<script>alert(1)<&\(token)")
        let id = try #require(answer.refusal)
        let keeper = try await world.kit.browser(of: try await world.kit.person("keeper", isOperator: true))
        let page = try await keeper.get("/refusals/\(id)")
        #expect(page.text.contains("&lt;script&gt;alert(1)"))
        #expect(!page.text.contains("<script>alert"))
        #expect(!page.text.contains(token))
    }
}
