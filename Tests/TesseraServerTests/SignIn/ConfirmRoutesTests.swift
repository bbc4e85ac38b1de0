import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraServer
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct ConfirmRoutesTests {
    private static let formPage = "/settings/tokens/new?name=Laptop&scopes=tokens%3Aread&expires=30d"

    /// A browser whose log-in is this old.
    private func world(age: Duration = .seconds(7_200)) async throws -> (TestAuthority, TestClient) {
        let world = try await TestAuthority()
        let browser = try await world.browser(of: try await world.person("ember"))
        _ = try await browser.get("/settings/tokens")
        world.clock.advance(by: age)
        return (world, browser)
    }

    private func makeToken(_ browser: TestClient) async throws -> TestAnswer {
        try await browser.post(
            "/settings/tokens/new",
            form: [("name", "Laptop"), ("scopes", "tokens:read"), ("expires", "30d")])
    }

    private func confirm(
        _ browser: TestClient, _ password: String = TestAuthority.password, next: String = "/settings/tokens"
    ) async throws -> TestAnswer {
        try await browser.post("/login/confirm", form: [("password", password), ("next", next)])
    }

    private func tokens(_ world: TestAuthority) async throws -> [AccessToken] {
        try await world.authority.store.tokens(of: nil, before: nil, limit: 9)
    }

    @Test func formOfAnOldLogInDoesNothingAndComesBackFilledIn() async throws {
        let (world, browser) = try await world()
        let answer = try await makeToken(browser)
        #expect(answer.status == 303)
        #expect(answer.location == "/login/confirm?next=" + PercentEncoding.queryValue(Self.formPage))
        #expect(try await tokens(world).isEmpty)

        let before = try #require(browser.cookie("tessera-session"))
        let page = try await browser.get(try #require(answer.location))
        #expect(page.text.contains("Confirm it is you"))
        #expect(try await confirm(browser, next: Self.formPage).location == Self.formPage)
        #expect(browser.cookie("tessera-session") != before)
        let form = try await browser.get(Self.formPage)
        #expect(form.text.contains("value=\"Laptop\""))
        #expect(try await makeToken(browser).status == 200)
        #expect(try await tokens(world).count == 1)

        // The cookie from before is dead (N200).
        let old = world.client()
        old.plant("tessera-session", before)
        #expect(try await old.get("/api/me").status == 401)
        #expect(try await browser.get("/settings/activity").text.contains("You gave your password again"))
    }

    @Test func oneMillisecondLessIsFreshEnough() async throws {
        let (world, browser) = try await world(age: .seconds(7_200) - .milliseconds(1))
        #expect(try await browser.get(Self.formPage).status == 200)
        #expect(
            try await browser.get("/login/confirm?next=%2Fsettings%2Fpassword").location
                == "/settings/password")
        #expect(try await makeToken(browser).status == 200)
        #expect(try await tokens(world).count == 1)
    }

    @Test(arguments: ["/settings/tokens/new", "/settings/sessions/others"])
    func sensitivePageIsNotShown(path: String) async throws {
        let (_, browser) = try await world()
        #expect(
            try await browser.get(path).location == "/login/confirm?next=" + PercentEncoding.queryValue(path))
    }

    @Test func wrongPasswordConfirmsNothing() async throws {
        let (world, browser) = try await world()
        let answer = try await confirm(browser, "wrong")
        #expect(answer.status == 422)
        #expect(answer.text.contains("This is not your password."))
        #expect(try await makeToken(browser).status == 303)
        #expect(try await tokens(world).isEmpty)
        for _ in 0..<4 { #expect(try await confirm(browser, "wrong").status == 422) }
        #expect(try await confirm(browser).status == 429)
    }

    @Test func seeingThePageOrNamingAnotherTargetConfirmsNothing() async throws {
        let (world, browser) = try await world()
        _ = try await browser.get("/login/confirm?next=%2Fsettings%2Ftokens%2Fnew")
        #expect(try await makeToken(browser).status == 303)
        #expect(
            try await browser.post("/login/confirm", form: [("next", "/settings/tokens/new")]).status == 422)
        #expect(try await makeToken(browser).status == 303)
        #expect(try await tokens(world).isEmpty)
        #expect(try await confirm(browser, next: "//evil.example/").location == "/settings/tokens")
    }

    @Test(arguments: ["", "wrong"])
    func confirmationNeedsAPageOfOurs(proof: String) async throws {
        let (_, browser) = try await world()
        let answer = try await browser.post(
            "/login/confirm", form: [("password", TestAuthority.password)], proof: proof)
        #expect(answer.status == 403)
        #expect(try await makeToken(browser).status == 303)
    }

    @Test func oneBrowserDoesNotConfirmForAnother() async throws {
        let (world, browser) = try await world()
        let ember = try #require(
            try await world.authority.store.users(after: nil, limit: 1).first)
        let other = try await world.browser(of: ember)
        _ = try await other.get("/settings/tokens/new")
        #expect(try await makeToken(other).status == 200)
        #expect(try await makeToken(browser).status == 303)
    }

    @Test func nobodyConfirmsWithoutASession() async throws {
        let (world, _) = try await world()
        let nobody = world.client()
        _ = try await nobody.get("/login")
        #expect(try await nobody.get("/login/confirm").location?.hasPrefix("/login?next=") == true)
        #expect(try await confirm(nobody).location?.hasPrefix("/login?next=") == true)
        #expect(nobody.cookie("tessera-session") == nil)
    }

    @Test func programWithAnOldSessionIsToldWhatToDo() async throws {
        let (world, browser) = try await world()
        let order = #"{"name":"late","scopes":[]}"#
        let answer = try await browser.send(.post, "/api/tokens", proof: browser.formToken, json: order)
        #expect(answer.isProblem(403))
        #expect(answer["detail"]?.string?.contains("/login/confirm") == true)
        #expect(try await tokens(world).isEmpty)
        // What is not sensitive goes on.
        #expect(try await browser.get("/api/tokens").status == 200)
        _ = try await confirm(browser)
        _ = try await browser.get("/settings/tokens")
        #expect(
            try await browser.send(.post, "/api/tokens", proof: browser.formToken, json: order).status == 201)
    }
}
