import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraServer
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct SignInRoutesTests {
    private func signIn(
        _ client: TestClient, _ user: User, next: String? = nil, proof: String? = nil,
        fields: Fields = Fields()
    ) async throws -> TestAnswer {
        _ = try await client.get("/login")
        return try await client.post(
            "/login",
            form: [("email", user.email.text), ("password", TestAuthority.password)]
                + (next.map { [("next", $0)] } ?? []), proof: proof, fields: fields)
    }

    @Test func rightPasswordLeadsToTheTokens() async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        let client = world.client()
        #expect(try await client.get("/settings/tokens").location == "/login?next=%2Fsettings%2Ftokens")
        let answer = try await signIn(client, ember)
        #expect(answer.status == 303)
        #expect(answer.location == "/settings/tokens")
        #expect(try await client.get("/settings/tokens").status == 200)
        #expect(try await client.get("/api/me")["email"]?.string == "ember@example.org")
        // The visitor's cookie has served its turn.
        #expect(client.cookie("tessera-visitor") == nil)
    }

    @Test func wrongPasswordAndUnknownEmailGiveTheSameAnswer() async throws {
        let world = try await TestAuthority()
        _ = try await world.person("ember")
        var texts: [String] = []
        for (email, password) in [
            ("ember@example.org", "wrong"), ("nobody@example.org", TestAuthority.password),
            ("no address", ""), ("ember@example.org", String(repeating: "x", count: 10_000)),
        ] {
            let client = world.client()
            _ = try await client.get("/login")
            let answer = try await client.post("/login", form: [("email", email), ("password", password)])
            #expect(answer.status == 422)
            #expect(answer.text.contains("The email or the password is wrong."))
            #expect(client.cookie("tessera-session") == nil)
            let proof = try #require(client.formToken)
            texts.append(
                answer.text.replacing(email, with: "EMAIL").replacing(proof, with: "PROOF"))
        }
        #expect(Set(texts).count == 1)
    }

    @Test func disabledPersonCannotSignIn() async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        _ = try await world.authority.accounts.setDisabled(
            true, user: ember.id, by: .commandLine, at: world.clock.now)
        #expect(try await signIn(world.client(), ember).status == 422)
    }

    @Test(arguments: ["", "wrong", String(repeating: "A", count: 43)])
    func formWithoutItsOwnProofIsRefused(proof: String) async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        let client = world.client()
        let answer = try await signIn(client, ember, proof: proof)
        #expect(answer.status == 403)
        #expect(answer.refusal != nil)
        #expect(client.cookie("tessera-session") == nil)
    }

    @Test func proofOfAnotherVisitorIsRefused() async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        let other = world.client()
        _ = try await other.get("/login")
        let proof = try #require(other.formToken)
        #expect(try await signIn(world.client(), ember, proof: proof).status == 403)
    }

    @Test(arguments: [
        (FieldName.origin, "https://elsewhere.example", 403), (.origin, "null", 403),
        (.origin, "http://127.0.0.1:8080.elsewhere.example", 403), (.origin, "http://127.0.0.1:8080", 303),
        (.secFetchSite, "cross-site", 403), (.secFetchSite, "same-site", 403),
        (.secFetchSite, "same-origin", 303),
    ])
    func formOfAnotherSiteIsRefused(field: FieldName, value: String, status: Int) async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        #expect(try await signIn(world.client(), ember, fields: [field: value]).status == status)
    }

    @Test func plantedSessionIsNotTheOneThatIsSignedIn() async throws {
        let world = try await TestAuthority()
        let (ember, ash) = (try await world.person("ember"), try await world.person("ash"))
        let fresh = world.client()
        fresh.plant("tessera-session", String(repeating: "A", count: 43))
        #expect(try await signIn(fresh, ember).status == 303)
        #expect(fresh.cookie("tessera-session") != String(repeating: "A", count: 43))

        // A session of somebody else's that is alive ends with the new sign-in.
        let browser = try await world.browser(of: ash)
        let before = try #require(browser.cookie("tessera-session"))
        _ = try await browser.get("/settings/tokens")
        let answer = try await browser.post(
            "/login", form: [("email", ember.email.text), ("password", TestAuthority.password)])
        #expect(answer.status == 303)
        #expect(browser.cookie("tessera-session") != before)
        let attacker = world.client()
        attacker.plant("tessera-session", before)
        #expect(try await attacker.get("/api/me").status == 401)
    }

    @Test func signedOutSessionIsWorthNothing() async throws {
        let world = try await TestAuthority()
        let browser = try await world.browser(of: try await world.person("ember"))
        let cookie = try #require(browser.cookie("tessera-session"))
        _ = try await browser.get("/settings/tokens")
        #expect(try await browser.post("/logout", proof: "wrong").status == 403)
        #expect(try await browser.get("/api/me").status == 200)
        #expect(try await browser.post("/logout").location == "/login?done=signed-out")
        #expect(browser.cookie("tessera-session") == nil)
        let thief = world.client()
        thief.plant("tessera-session", cookie)
        #expect(try await thief.get("/api/me").challenge == #"Bearer realm="Tessera""#)
    }

    @Test func sessionEndsWhenItIsIdleAndWhenItIsOld() async throws {
        let world = try await TestAuthority {
            $0.sessionLimits = .init(idle: .seconds(600), absolute: .seconds(1_000))
        }
        let browser = try await world.browser(of: try await world.person("ember"))
        world.clock.advance(by: .seconds(599))
        #expect(try await browser.get("/api/me").status == 200)
        world.clock.advance(by: .seconds(400))
        #expect(try await browser.get("/api/me").status == 200)
        world.clock.advance(by: .seconds(1))
        #expect(try await browser.get("/api/me").status == 401)

        let idle = try await world.browser(of: try await world.person("ash"))
        world.clock.advance(by: .seconds(600))
        #expect(try await idle.get("/api/me").status == 401)
    }

    @Test(arguments: [
        "//elsewhere.example", #"/\elsewhere.example"#, #"\/elsewhere.example"#, "https://elsewhere.example",
        "javascript:alert(1)", "/\t/elsewhere.example", "/\n/elsewhere.example", " //elsewhere.example", "",
        "elsewhere", "///elsewhere.example", "/a\r\nSet-Cookie: a=b", "/é", "%2F%2Felsewhere.example",
        "/" + String(repeating: "a", count: 2_000),
    ])
    func nextNeverLeadsElsewhere(next: String) async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        let client = world.client()
        #expect(try await signIn(client, ember, next: next).location == "/settings/tokens")
        let query = FormEncoding.encode([("next", next)])
        #expect(try await client.get("/login?\(query)").location == "/settings/tokens")
    }

    @Test(arguments: ["/", "/settings/tokens?before=1", "/refusals/0193f2a0-7c1d-7e52-9b1f-2c6d1a4e8f00"])
    func nextLeadsToAPathOfThisSite(next: String) async throws {
        let world = try await TestAuthority()
        #expect(
            try await signIn(world.client(), try await world.person("ember"), next: next).location == next)
    }

    @Test func cookiesOfHTTPSAreBoundToTheHost() async throws {
        let secure = try await TestAuthority { $0.issuer = "https://tokens.example.org" }
        let plain = try await TestAuthority()
        for (world, prefix) in [(secure, "__Host-"), (plain, "")] {
            let ember = try await world.person("ember")
            let client = world.client()
            let visited = try await client.get("/login")
            let signedIn = try await signIn(client, ember)
            let cookies = visited.fields.values(of: .setCookie) + signedIn.fields.values(of: .setCookie)
            #expect(cookies.count == 4)
            for cookie in cookies {
                #expect(cookie.hasPrefix(prefix) && cookie.contains("-tessera-"))
                #expect(cookie.contains("; HttpOnly; SameSite=Lax"))
                #expect(cookie.contains("; Path=/;"))
                #expect(cookie.contains("; Secure") == !prefix.isEmpty)
            }
        }
    }

    @Test func emailIsEscapedWhereItStandsAgain() async throws {
        let world = try await TestAuthority()
        let client = world.client()
        _ = try await client.get("/login")
        let answer = try await client.post(
            "/login", form: [("email", #""><script>alert(1)</script>"#), ("next", #"/"><script>"#)])
        #expect(!answer.text.contains("<script>alert"))
        #expect(!answer.text.contains(#""><script>"#))
        #expect(answer.text.contains("&lt;script&gt;alert(1)"))
    }
}
