import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraServer
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct TokensEndpointTests {
    private static let scopes = [
        ScopeDefinition(ScopeToken("treasure:create")!, "Create treasures"),
        ScopeDefinition(ScopeToken("treasure:edit")!, "Edit treasures"),
        ScopeDefinition(ScopeToken("hoard:audit")!, "See every hoard", isForOperators: true),
    ]
    private static let laptop = #"{"name":"Laptop","scopes":["treasure:create"],"expires_at":null}"#

    private func names(_ answer: TestAnswer) -> [String] {
        answer.json.array?.compactMap { $0.object?["name"]?.string } ?? []
    }

    @Test func sessionMakesListsAndDeletesWithItsProof() async throws {
        let world = try await TestAuthority(scopes: Self.scopes)
        let browser = try await world.browser(of: try await world.person("ember"))
        #expect(try await browser.send(.post, "/api/tokens", json: Self.laptop).isProblem(403))
        #expect(
            try await browser.send(.post, "/api/tokens", proof: "wrong", json: Self.laptop).isProblem(403))
        _ = try await browser.get("/settings/tokens/new")
        let proof = try #require(browser.formToken)

        let made = try await browser.send(.post, "/api/tokens", proof: proof, json: Self.laptop)
        #expect(made.status == 201)
        #expect(made.fields[.cacheControl] == "no-store")
        let id = try #require(made["id"]?.string)
        #expect(made.location == "/api/tokens/\(id)")
        #expect(made["expires_at"]?.isNull == true)
        let token = try #require(made["token"]?.string)
        #expect(try await world.client().get("/api/me", token: token).status == 200)

        let list = try await browser.get("/api/tokens")
        #expect(names(list) == ["Laptop"])
        #expect(!list.text.contains(token))
        #expect(try await browser.send(.delete, "/api/tokens/\(id)").isProblem(403))
        #expect(
            try await browser.send(.delete, "/api/tokens/\(id)", fields: ["X-CSRF-Token": proof]).status
                == 204)
        #expect(try await world.client().get("/api/me", token: token).isProblem(401))
        #expect(try await browser.get("/api/tokens").json.array?.first?.object?["state"]?.string == "revoked")
    }

    @Test func tokenNeedsTheScopeOfWhatItDoes() async throws {
        let world = try await TestAuthority(scopes: Self.scopes)
        let ember = try await world.person("ember")
        let reader = try await world.token(for: ember, scopes: ["tokens:read"])
        let writer = try await world.token(for: ember, scopes: ["tokens:write", "treasure:create"])
        let client = world.client()
        #expect(try await client.get("/api/tokens", token: reader).status == 200)
        let refused = try await client.send(.post, "/api/tokens", token: reader, json: "not even JSON")
        #expect(refused.isProblem(403))
        #expect(
            refused.challenge
                == #"Bearer realm="Tessera", error="insufficient_scope", error_description="The access token lacks a scope", scope="tokens:write""#
        )
        #expect(try await client.get("/api/tokens", token: writer).isProblem(403))
        let made = try await client.send(.post, "/api/tokens", token: writer, json: Self.laptop)
        #expect(made.status == 201)
        let id = try #require(made["id"]?.string)
        #expect(try await client.send(.delete, "/api/tokens/\(id)", token: reader).isProblem(403))
        #expect(try await client.send(.delete, "/api/tokens/\(id)", token: writer).status == 204)
    }

    @Test func tokenCannotMakeOneThatMayDoMore() async throws {
        let world = try await TestAuthority(scopes: Self.scopes)
        let keeper = try await world.person("keeper", isOperator: true)
        let writer = try await world.token(for: keeper, scopes: ["tokens:write", "treasure:create"])
        let client = world.client()
        for scope in ["treasure:edit", "tokens:read", "hoard:audit"] {
            let answer = try await client.send(
                .post, "/api/tokens", token: writer,
                json: #"{"name":"More","scopes":["treasure:create","\#(scope)"]}"#)
            #expect(answer.isProblem(422))
            #expect(answer.violations == ["scopes"])
        }
        #expect(try await world.authority.store.tokens(of: keeper.id, before: nil, limit: 9).count == 1)
    }

    @Test func scopeForOperatorsIsNotAPersonsToGive() async throws {
        let world = try await TestAuthority(scopes: Self.scopes)
        var keeper = try await world.person("keeper", isOperator: true)
        let ember = try await world.person("ember")
        let json = #"{"name":"Audit","scopes":["hoard:audit"]}"#
        for (person, status) in [(keeper, 201), (ember, 422)] {
            let browser = try await world.browser(of: person)
            _ = try await browser.get("/settings/tokens/new")
            let answer = try await browser.send(.post, "/api/tokens", proof: browser.formToken, json: json)
            #expect(answer.status == status)
        }
        // Whoever is an operator no more has lost it at once, though the token still names it.
        let token = try await world.token(for: keeper, scopes: ["hoard:audit", "treasure:edit"])
        let scopes = { () async throws -> [String]? in
            try await world.client().get("/api/me", token: token)["scopes"]?.array?.compactMap(\.string)
        }
        #expect(try await scopes() == ["hoard:audit", "treasure:edit"])
        keeper.isOperator = false
        #expect(try await world.authority.accounts.update(keeper, by: .commandLine, at: world.clock.now))
        #expect(try await scopes() == ["treasure:edit"])
    }

    @Test(arguments: [
        (#"{"name":"","scopes":[]}"#, ["name"]),
        (#"{"scopes":[]}"#, ["name"]),
        (#"{"name":"a","scopes":["no:such"]}"#, ["scopes"]),
        (#"{"name":"a","scopes":"tokens:read"}"#, ["scopes"]),
        (#"{"name":"a","scopes":[],"expires_at":"tomorrow"}"#, ["expires_at"]),
        (#"{"name":"a","scopes":[],"expires_at":"2020-01-01T00:00:00Z"}"#, ["expires_at"]),
        (#"{"name":"a","scopes":[],"format":"jwt"}"#, ["format"]),
        (#"{"name":"a","scopes":[],"admin":true}"#, ["admin"]),
        (#"{"name":"\u0000","scopes":[]}"#, ["name"]),
    ])
    func whatCannotBeDoneIsNamed(json: String, paths: [String]) async throws {
        let world = try await TestAuthority(scopes: Self.scopes)
        let token = try await world.token(for: try await world.person("ember"), scopes: ["tokens:write"])
        let answer = try await world.client().send(.post, "/api/tokens", token: token, json: json)
        #expect(answer.isProblem(422))
        #expect(answer.violations == paths)
    }

    @Test func bodyThatIsNoJSONIsRefused() async throws {
        let world = try await TestAuthority(scopes: Self.scopes)
        let token = try await world.token(for: try await world.person("ember"), scopes: ["tokens:write"])
        let client = world.client()
        let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        for body in [
            "", "{", #"{"name":"a","name":"b","scopes":[]}"#, #"{"name":"a","scopes":[],}"#, deep, "NaN",
        ] {
            #expect(try await client.send(.post, "/api/tokens", token: token, json: body).isProblem(400))
        }
        let large = #"{"name":"\#(String(repeating: "a", count: 70_000))","scopes":[]}"#
        #expect(try await client.send(.post, "/api/tokens", token: token, json: large).isProblem(413))
        let typed = try await client.send(
            .post, "/api/tokens", token: token, fields: [.contentType: "text/plain"],
            body: Array(Self.laptop.utf8))
        #expect(typed.isProblem(415))
    }

    @Test func tokenOfSomebodyElseDoesNotExist() async throws {
        let world = try await TestAuthority(scopes: Self.scopes)
        let other = try await world.issue(to: try await world.person("ash"))
        let writer = try await world.token(
            for: try await world.person("ember"), scopes: ["tokens:write", "tokens:read"])
        let client = world.client()
        for id in ["\(other.token.id)", "0193f2a0-7c1d-7e52-9b1f-2c6d1a4e8f00", "x"] {
            #expect(try await client.send(.delete, "/api/tokens/\(id)", token: writer).isProblem(404))
        }
        #expect(names(try await client.get("/api/tokens", token: writer)) == ["test"])
        #expect(try await client.get("/api/me", token: other.secret.plainText).status == 200)
    }

    @Test func listIsPagedNewestFirst() async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        for number in 1...60 { _ = try await world.issue(to: ember, name: "\(number)") }
        let reader = try await world.token(for: ember, scopes: ["tokens:read"])
        let first = try await world.client().get("/api/tokens", token: reader)
        #expect(names(first) == ["test"] + (12...60).reversed().map(String.init))
        let link = try #require(first.fields[.link])
        let next = try #require(link.firstMatch(of: /^<([^>]+)>; rel="next"$/)?.1)
        let second = try await world.client().get(String(next), token: reader)
        #expect(names(second) == (1...11).reversed().map(String.init))
        #expect(second.fields[.link] == nil)
        #expect(try await world.client().get("/api/tokens?before=x", token: reader).isProblem(400))
    }
}
