import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraServer
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct TokenRotationEndpointTests {
    private static let scopes = [ScopeDefinition(ScopeToken("treasure:create")!, "Create treasures")]

    private func world() async throws -> (TestAuthority, User, TestClient) {
        let world = try await TestAuthority(scopes: Self.scopes)
        return (world, try await world.person("ember"), world.client())
    }

    @Test func tokenRotatesItself() async throws {
        let (world, ember, client) = try await world()
        let old = try await world.issue(
            to: ember, scopes: ["tokens:write", "treasure:create"], lifetime: .seconds(30 * 86_400))
        let text = old.secret.plainText
        let made = try await client.send(
            .post, "/api/tokens/\(old.token.id)/rotate", token: text, json: #"{"overlap":"1h"}"#)
        #expect(made.status == 201)
        #expect(made.fields[.cacheControl] == "no-store")
        let id = try #require(made["id"]?.string)
        #expect(made.location == "/api/tokens/\(id)")
        #expect(made["replaces"]?.string == old.token.id.description)
        #expect(made["old_expires_at"]?.string == (world.clock.now + .seconds(3_600)).rfc3339)
        #expect(made["expires_at"]?.string == (world.clock.now + .seconds(30 * 86_400)).rfc3339)
        let new = try #require(made["token"]?.string)
        #expect(try await client.get("/api/me", token: new)["scopes"]?.array?.count == 2)
        world.clock.advance(by: .seconds(3_599))
        #expect(try await client.get("/api/me", token: text).status == 200)
        world.clock.advance(by: .seconds(1))
        let refused = try await client.get("/api/me", token: text)
        #expect(refused.isProblem(401))
        #expect(refused.challenge?.contains("The access token expired") == true)
        #expect(try await client.get("/api/me", token: new).status == 200)
    }

    @Test(arguments: [("{}", 86_400), (#"{"overlap":"0"}"#, 0), (#"{"overlap":"90d"}"#, 90 * 86_400)])
    func overlapIsADayUnlessSaid(json: String, seconds: Int) async throws {
        let (world, ember, client) = try await world()
        let old = try await world.issue(to: ember, scopes: ["tokens:write"])
        let made = try await client.send(
            .post, "/api/tokens/\(old.token.id)/rotate", token: old.secret.plainText, json: json)
        #expect(made["old_expires_at"]?.string == (world.clock.now + .seconds(seconds)).rfc3339)
        let answer = try await client.get("/api/me", token: old.secret.plainText)
        #expect(answer.status == (seconds == 0 ? 401 : 200))
    }

    @Test(arguments: [
        (#"{"overlap":"91d"}"#, 422), (#"{"overlap":"-1h"}"#, 422), (#"{"overlap":24}"#, 422),
        (#"{"overlap":"24"}"#, 422), (#"{"overlap":null}"#, 422), (#"{"scopes":[]}"#, 422), ("[]", 422),
        ("{", 400), (#"{"overlap":"1h","overlap":"2h"}"#, 400),
    ])
    func whatIsNoOverlapRotatesNothing(json: String, status: Int) async throws {
        let (world, ember, client) = try await world()
        let old = try await world.issue(to: ember, scopes: ["tokens:write"])
        let answer = try await client.send(
            .post, "/api/tokens/\(old.token.id)/rotate", token: old.secret.plainText, json: json)
        #expect(answer.isProblem(status))
        #expect(try await world.authority.store.token(old.token.id)?.replacedBy == nil)
    }

    @Test func tokenCannotRotateOneThatMayDoMore() async throws {
        let (world, ember, client) = try await world()
        let writer = try await world.token(for: ember, scopes: ["tokens:write"])
        let strong = try await world.issue(to: ember, scopes: ["treasure:create"])
        let refused = try await client.send(
            .post, "/api/tokens/\(strong.token.id)/rotate", token: writer, json: "{}")
        #expect(refused.isProblem(403))
        #expect(!refused.text.contains("tcp_"))
        let reader = try await world.token(for: ember, scopes: ["tokens:read"])
        let unscoped = try await client.send(
            .post, "/api/tokens/\(strong.token.id)/rotate", token: reader, json: "not JSON")
        #expect(unscoped.isProblem(403))
        let weak = try await world.issue(to: ember)
        #expect(
            try await client.send(.post, "/api/tokens/\(weak.token.id)/rotate", token: writer, json: "{}")
                .status == 201)
    }

    @Test func whatIsOverOrSomebodyElsesIsNotRotated() async throws {
        let (world, ember, client) = try await world()
        let writer = try await world.token(for: ember, scopes: ["tokens:write"])
        func rotate(_ id: String) async throws -> TestAnswer {
            try await client.send(.post, "/api/tokens/\(id)/rotate", token: writer, json: "{}")
        }
        let old = try await world.issue(to: ember)
        #expect(try await rotate("\(old.token.id)").status == 201)
        #expect(try await rotate("\(old.token.id)").isProblem(409))
        let revoked = try await world.issue(to: ember)
        _ = try await world.authority.tokens.revoke(revoked.token, by: .commandLine, at: world.clock.now)
        #expect(try await rotate("\(revoked.token.id)").isProblem(409))
        let foreign = try await world.issue(to: try await world.person("ash"))
        #expect(try await rotate("\(foreign.token.id)").isProblem(404))
        #expect(try await rotate("x").isProblem(404))
    }

    @Test func sessionRotatesWithItsProof() async throws {
        let (world, ember, _) = try await world()
        let browser = try await world.browser(of: ember)
        let old = try await world.issue(to: ember, scopes: ["treasure:create"])
        let path = "/api/tokens/\(old.token.id)/rotate"
        #expect(try await browser.send(.post, path, json: "{}").isProblem(403))
        _ = try await browser.get("/settings/tokens/new")
        #expect(try await browser.send(.post, path, proof: browser.formToken, json: "{}").status == 201)
    }

    @Test func replacedTokenIsExplained() async throws {
        let (world, ember, client) = try await world()
        let old = try await world.issue(to: ember)
        _ = try await world.authority.tokens.rotate(
            old.token, overlap: .zero, by: .user(ember.id), at: world.clock.now)
        let refused = try await client.get("/api/me", token: old.secret.plainText)
        let browser = try await world.browser(of: ember)
        let page = try await browser.get("/refusals/\(try #require(refused.refusal))")
        #expect(page.text.contains("was replaced by a newer one"))
    }
}
