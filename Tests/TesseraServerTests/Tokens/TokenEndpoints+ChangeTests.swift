import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraServer
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct TokenChangeEndpointTests {
    private func world() async throws -> (TestAuthority, IssuedToken, TestClient) {
        let world = try await TestAuthority()
        let token = try await world.issue(
            to: try await world.person("ember"), scopes: ["tokens:write"], lifetime: .seconds(1_000))
        return (world, token, world.client())
    }

    private func patch(_ client: TestClient, _ token: IssuedToken, _ json: String) async throws -> TestAnswer
    {
        try await client.send(
            .patch, "/api/tokens/\(token.token.id)", token: token.secret.plainText,
            fields: [.contentType: "application/merge-patch+json"], body: Array(json.utf8))
    }

    @Test func whatIsNamedChangesAndTheRestStays() async throws {
        let (world, token, client) = try await world()
        let later = (world.clock.now + .seconds(5_000)).rfc3339
        let renamed = try await patch(client, token, #"{"name":"Office","expires_at":"\#(later)"}"#)
        #expect(renamed.status == 200)
        #expect(renamed["name"]?.string == "Office")
        #expect(renamed["expires_at"]?.string == later)
        let noted = try await patch(client, token, #"{"metadata":{"team":"blue","cost":"1"}}"#)
        #expect(noted["name"]?.string == "Office")
        let merged = try await patch(
            client, token, #"{"metadata":{"cost":null,"new":"x"},"expires_at":null}"#)
        #expect(merged["expires_at"]?.isNull == true)
        #expect(merged["metadata"]?.object?.members.map(\.name) == ["new", "team"])
        let me = try await client.get("/api/me", token: token.secret.plainText)
        #expect(me["token"]?.object?["name"]?.string == "Office")
        #expect(me["token"]?.object?["metadata"]?.object?["team"]?.string == "blue")
        let cleared = try await patch(client, token, #"{"metadata":null}"#)
        #expect(cleared["metadata"]?.object?.members.isEmpty == true)
        let bare = try await client.get("/api/me", token: token.secret.plainText)
        #expect(bare["token"]?.object?["metadata"] == nil)
        #expect(try await patch(client, token, "{}").status == 200)
    }

    @Test func disabledTokenIsRefusedAndItsOwnerLearnsWhy() async throws {
        let (world, token, client) = try await world()
        let other = try await world.issue(to: try await world.person("ash"))
        #expect(try await client.get("/api/me", token: token.secret.plainText).status == 200)
        let disabled = try await patch(client, token, #"{"disabled":true}"#)
        #expect(disabled["state"]?.string == "disabled")
        #expect(disabled["disabled_at"]?.string == world.clock.now.rfc3339)
        let refused = try await client.get("/api/me", token: token.secret.plainText)
        #expect(refused.isProblem(401))
        #expect(refused.challenge?.contains("The access token was revoked") == true)
        let id = try #require(refused.refusal)
        let ember = try #require(try await world.authority.store.user(try #require(token.token.owner)))
        let page = try await world.browser(of: ember).get("/refusals/\(id)")
        #expect(page.text.contains("The token is disabled"))
        let ash = try #require(try await world.authority.store.user(try #require(other.token.owner)))
        #expect(try await world.browser(of: ash).get("/refusals/\(id)").status == 404)

        let browser = try await world.browser(of: ember)
        _ = try await browser.get("/settings/tokens/new")
        let enabled = try await browser.send(
            .patch, "/api/tokens/\(token.token.id)", proof: browser.formToken, json: #"{"disabled":false}"#)
        #expect(enabled["state"]?.string == "active")
        #expect(try await client.get("/api/me", token: token.secret.plainText).status == 200)
    }

    @Test(arguments: [
        (#"{"name":null}"#, 422), (#"{"name":""}"#, 422), (#"{"name":"a\u0000"}"#, 422),
        (#"{"expires_at":"2020-01-01T00:00:00Z"}"#, 422), (#"{"expires_at":"soon"}"#, 422),
        (#"{"disabled":"yes"}"#, 422), (#"{"disabled":null}"#, 422), (#"{"scopes":[]}"#, 422),
        (#"{"revoked_at":null}"#, 422), (#"{"metadata":"x"}"#, 422), (#"{"metadata":{"a":1}}"#, 422),
        (#"{"metadata":{"":"x"}}"#, 422), (#"{"metadata":{"\u00e9":"1","e\u0301":"2"}}"#, 422),
        ("[]", 422), ("{", 400), (#"{"name":"a","name":"b"}"#, 400),
    ])
    func whatCannotBeDoneChangesNothing(json: String, status: Int) async throws {
        let (world, token, client) = try await world()
        #expect(try await patch(client, token, json).isProblem(status))
        #expect(try await world.authority.store.token(token.token.id) == token.token)
    }

    @Test func expiryExactlyNowIsNotInTheFuture() async throws {
        let (world, token, client) = try await world()
        let now = world.clock.now
        #expect(try await patch(client, token, #"{"expires_at":"\#(now.rfc3339)"}"#).isProblem(422))
        let next = (now + .milliseconds(1)).rfc3339
        #expect(try await patch(client, token, #"{"expires_at":"\#(next)"}"#).status == 200)
    }

    @Test func whatIsOverSomebodyElsesOrNoPatchIsRefused() async throws {
        let (world, token, client) = try await world()
        let ember = try #require(try await world.authority.store.user(try #require(token.token.owner)))
        let revoked = try await world.issue(to: ember)
        _ = try await world.authority.tokens.revoke(revoked.token, by: .commandLine, at: world.clock.now)
        let foreign = try await world.issue(to: try await world.person("ash"))
        for (id, status) in [("\(revoked.token.id)", 409), ("\(foreign.token.id)", 404), ("x", 404)] {
            let answer = try await client.send(
                .patch, "/api/tokens/\(id)", token: token.secret.plainText, json: #"{"name":"Mine"}"#)
            #expect(answer.isProblem(status))
        }
        let typed = try await client.send(
            .patch, "/api/tokens/\(token.token.id)", token: token.secret.plainText,
            fields: [.contentType: "text/plain"], body: Array(#"{"name":"a"}"#.utf8))
        #expect(typed.isProblem(415))
        let reader = try await world.token(for: ember, scopes: ["tokens:read"])
        #expect(
            try await client.send(.patch, "/api/tokens/\(token.token.id)", token: reader, json: "{")
                .isProblem(403))
    }

    @Test func metadataComeWithTheTokenWhenItIsMade() async throws {
        let (_, token, client) = try await world()
        func make(_ metadata: String) async throws -> TestAnswer {
            try await client.send(
                .post, "/api/tokens", token: token.secret.plainText,
                json: #"{"name":"a","scopes":[],"metadata":\#(metadata)}"#)
        }
        let made = try await make(#"{"team":"blue"}"#)
        #expect(made.status == 201)
        #expect(made["metadata"]?.object?["team"]?.string == "blue")
        #expect(made["replaces"]?.isNull == true)
        for wrong in [#"{"a":null}"#, #"{"a":{}}"#, #""x""#, "null", #"{"a":"\u0007"}"#] {
            #expect(try await make(wrong).isProblem(422))
        }
    }

    @Test func limitAndLongestLifetimeAreTold() async throws {
        let world = try await TestAuthority(configure: {
            $0.tokenPolicy = TokenPolicy(longestLifetime: .seconds(86_400), tokensPerUser: 2)
        })
        let writer = try await world.token(
            for: try await world.person("ember"), scopes: ["tokens:write", "tokens:read"],
            lifetime: .seconds(60))
        func make(_ expiry: String) async throws -> TestAnswer {
            try await world.client().send(
                .post, "/api/tokens", token: writer,
                json: #"{"name":"a","scopes":[],"expires_at":\#(expiry)}"#)
        }
        #expect(try await make("null").violations == ["expires_at"])
        let end = (world.clock.now + .seconds(86_400)).rfc3339
        #expect(try await make(#""\#(end)""#).status == 201)
        let refused = try await make(#""\#(end)""#)
        #expect(refused.isProblem(409))
        #expect(refused["detail"]?.string?.contains("You have 2 tokens") == true)
        let list = try await world.client().get("/api/tokens", token: writer).json.array ?? []
        #expect(list.map { $0.object?["exceeds_policy"]?.bool } == [false, false])
    }
}

/// A token gives another one no more than it has itself.
@Suite struct TokenChangeLimitTests {
    private static let scopes = [ScopeDefinition(ScopeToken("treasure:create")!, "Create treasures")]

    private func patch(
        _ world: TestAuthority, _ target: IssuedToken, by caller: IssuedToken, _ json: String
    ) async throws -> TestAnswer {
        try await world.client().send(
            .patch, "/api/tokens/\(target.token.id)", token: caller.secret.plainText, json: json)
    }

    @Test(arguments: [
        #"{"disabled":false}"#, #"{"expires_at":null}"#, #"{"expires_at":"9999-01-01T00:00:00Z"}"#,
        #"{"disabled":false,"expires_at":null}"#, #"{"name":"harmless","disabled":false}"#,
    ])
    func weakerTokenGivesNothingMore(json: String) async throws {
        let world = try await TestAuthority(scopes: Self.scopes)
        let ember = try await world.person("ember")
        let weaker = try await world.issue(to: ember, scopes: ["tokens:write"])
        let stronger = try await world.issue(
            to: ember, scopes: ["tokens:write", "treasure:create"], lifetime: .seconds(1_000))
        let equal = try await world.issue(
            to: ember, scopes: ["tokens:write"], lifetime: .seconds(1_000))
        for target in [stronger, equal] {
            #expect(try await patch(world, target, by: weaker, #"{"disabled":true}"#).status == 200)
        }
        let before = try await world.authority.store.token(stronger.token.id)
        let answer = try await patch(world, stronger, by: weaker, json)
        #expect(answer.isProblem(403))
        #expect(answer["detail"]?.string?.contains("may do more than itself") == true)
        #expect(try await world.authority.store.token(stronger.token.id) == before)
        #expect(try await patch(world, equal, by: weaker, json).status == 200)
    }

    @Test(arguments: [
        #"{"name":"Other"}"#, #"{"metadata":{"team":"blue"}}"#, #"{"disabled":true}"#,
        #"{"expires_at":"EARLIER"}"#, "{}",
    ])
    func weakerTokenChangesWhatGivesNothingMore(json: String) async throws {
        let world = try await TestAuthority(scopes: Self.scopes)
        let ember = try await world.person("ember")
        let weaker = try await world.issue(to: ember, scopes: ["tokens:write"])
        let stronger = try await world.issue(
            to: ember, scopes: ["tokens:write", "treasure:create"], lifetime: .seconds(1_000))
        let earlier = (world.clock.now + .seconds(10)).rfc3339
        let answer = try await patch(
            world, stronger, by: weaker, json.replacing("EARLIER", with: earlier))
        #expect(answer.status == 200)
    }

    /// It has all that it gives: its own scopes. The policy limits how long.
    @Test func tokenMayProlongItself() async throws {
        let world = try await TestAuthority()
        let token = try await world.issue(
            to: try await world.person("ember"), scopes: ["tokens:write"], lifetime: .seconds(1_000))
        #expect(try await patch(world, token, by: token, #"{"expires_at":null}"#).status == 200)
    }

    @Test func personInABrowserHasNoLimit() async throws {
        let world = try await TestAuthority(scopes: Self.scopes)
        let ember = try await world.person("ember")
        let token = try await world.issue(to: ember, scopes: ["treasure:create"], lifetime: .seconds(1_000))
        let browser = try await world.browser(of: ember)
        _ = try await browser.get("/settings/tokens")
        let answer = try await browser.send(
            .patch, "/api/tokens/\(token.token.id)", proof: browser.formToken,
            json: #"{"disabled":false,"expires_at":null}"#)
        #expect(answer.status == 200)
    }
}
