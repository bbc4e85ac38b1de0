import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraServer
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct TokenRoutesTests {
    private static let scopes = [
        ScopeDefinition(ScopeToken("treasure:create")!, "Create treasures"),
        ScopeDefinition(ScopeToken("hoard:audit")!, "See every hoard", isForOperators: true),
    ]

    private func world() async throws -> (TestAuthority, TestClient) {
        let world = try await TestAuthority(scopes: Self.scopes)
        let browser = try await world.browser(of: try await world.person("ember"))
        _ = try await browser.get("/settings/tokens/new")
        return (world, browser)
    }

    @Test func tokenIsMadeShownOnceAndRevoked() async throws {
        let (world, browser) = try await world()
        let made = try await browser.post(
            "/settings/tokens/new",
            form: [("name", "Laptop"), ("scopes", "treasure:create"), ("expires", "30d")])
        #expect(made.status == 200)
        #expect(made.fields[.cacheControl] == "no-store")
        let token = try #require(made.element(id: "new-token"))
        let me = try await world.client().get("/api/me", token: token)
        #expect(me["token"]?.object?["name"]?.string == "Laptop")
        #expect(
            me["token"]?.object?["expires_at"]?.string == (world.clock.now + .seconds(30 * 86_400)).rfc3339)
        #expect(me["scopes"]?.array?.compactMap(\.string) == ["treasure:create"])

        let list = try await browser.get("/settings/tokens")
        #expect(list.text.contains("Laptop"))
        #expect(!list.text.contains(token))
        let id = try #require(me["token"]?.object?["id"]?.string)
        let confirmation = try await browser.get("/settings/tokens/\(id)/revoke")
        #expect(confirmation.text.contains("Laptop"))
        #expect(try await browser.post("/settings/tokens/\(id)/revoke", proof: "wrong").status == 403)
        #expect(try await world.client().get("/api/me", token: token).status == 200)
        #expect(
            try await browser.post("/settings/tokens/\(id)/revoke").location
                == "/settings/tokens?done=revoked")
        #expect(try await world.client().get("/api/me", token: token).status == 401)
        let after = try await browser.get("/settings/tokens").text
        #expect(after.contains("<dt>Revoked</dt>"))
        #expect(!after.contains("<dt>Expires</dt>"))
    }

    @Test(arguments: [
        [("name", ""), ("expires", "30d")],
        [("name", String(repeating: "n", count: 10_000)), ("expires", "30d")],
        [("name", "a\u{1}b"), ("expires", "30d")],
        [("name", "ok"), ("expires", "soon")],
        [("name", "ok"), ("expires", "2026-02-30")],
        [("name", "ok"), ("expires", "2020-01-01")],
        [("name", "ok"), ("expires", "30d"), ("scopes", "no:such")],
        [("name", "ok"), ("expires", "30d"), ("scopes", "hoard:audit")],
        [("name", "ok"), ("expires", "30d"), ("scopes", "")],
    ])
    func formThatIsWrongMakesNothingAndComesBack(form: [(String, String)]) async throws {
        let (world, browser) = try await world()
        let answer = try await browser.post("/settings/tokens/new", form: form)
        #expect(answer.status == 422)
        #expect(answer.text.contains("field-errors"))
        #expect(answer.element(id: "new-token") == nil)
        #expect(try await world.authority.store.tokens(of: nil, before: nil, limit: 9).isEmpty)
    }

    @Test func nameThatIsNotUTF8IsRefused() async throws {
        let (_, browser) = try await world()
        let proof = try #require(browser.formToken)
        let answer = try await browser.send(
            .post, "/settings/tokens/new",
            fields: [.contentType: "application/x-www-form-urlencoded", .accept: "text/html"],
            body: Array("csrf=\(proof)&name=%FF%FE&expires=30d".utf8))
        #expect(answer.status == 400)
    }

    @Test(arguments: ["", "wrong"])
    func formWithoutItsProofMakesNothing(proof: String) async throws {
        let (world, browser) = try await world()
        let answer = try await browser.post(
            "/settings/tokens/new", form: [("name", "Laptop"), ("expires", "30d")], proof: proof)
        #expect(answer.status == 403)
        #expect(try await world.authority.store.tokens(of: nil, before: nil, limit: 9).isEmpty)
    }

    @Test func markupInANameIsTextOnEveryPage() async throws {
        let (world, browser) = try await world()
        let name = #"<script>alert("1")</script>'&"#
        let refused = try await browser.post(
            "/settings/tokens/new", form: [("name", name), ("expires", #""><b>x"#)])
        let made = try await browser.post(
            "/settings/tokens/new", form: [("name", name), ("expires", "never")])
        let token = try #require(try await world.authority.store.tokens(of: nil, before: nil, limit: 1).first)
        #expect(token.name.text == name)
        let pages = [
            refused, made, try await browser.get("/settings/tokens"),
            try await browser.get("/settings/tokens/\(token.id)/revoke"),
            try await browser.get("/settings/tokens/new?" + FormEncoding.encode([("name", name)])),
        ]
        for page in pages {
            #expect(!page.text.contains("<script>alert"))
            #expect(!page.text.contains("<b>x"))
            #expect(page.text.contains("&lt;script&gt;alert("))
        }
    }

    @Test func tokenOfSomebodyElseDoesNotExist() async throws {
        let (world, browser) = try await world()
        let ash = try await world.issue(to: try await world.person("ash"))
        #expect(try await browser.get("/settings/tokens/\(ash.token.id)/revoke").status == 404)
        #expect(try await browser.post("/settings/tokens/\(ash.token.id)/revoke").status == 404)
        #expect(try await world.client().get("/api/me", token: ash.secret.plainText).status == 200)
        #expect(!(try await browser.get("/settings/tokens").text.contains(ash.token.id.description)))
    }
}
