import TesseraCore
import TesseraHTTP
import TesseraOpenAPI
import TesseraTestKit
import TesseraTime
import Testing

@testable import TesseraServer

@Suite struct FormOnceTests {
    private static let form = [("name", "Laptop"), ("expires", "30d")]

    private func world() async throws -> (TestAuthority, User, TestClient) {
        let world = try await TestAuthority(configure: { $0.allowsRegistration = true })
        let ember = try await world.person("ember")
        return (world, ember, try await world.browser(of: ember))
    }

    private func tokens(_ world: TestAuthority, _ user: User) async throws -> [AccessToken] {
        try await world.authority.store.tokens(of: user.id, before: nil, limit: 99)
    }

    @Test func formThatIsSentTwiceMakesOneToken() async throws {
        let (world, ember, browser) = try await world()
        let page = try await browser.get("/settings/tokens/new")
        let (proof, number) = (try #require(page.formToken), try #require(page.formNumber))
        let first = try await browser.post(
            "/settings/tokens/new", form: Self.form, proof: proof, number: number)
        let secret = try #require(first.element(id: "new-token"))
        let token = try #require(try await tokens(world, ember).first)
        // Loaded again, and sent again with other fields after going back.
        for form in [Self.form, [("name", "Another"), ("expires", "7d")], [("name", "")]] {
            let again = try await browser.post(
                "/settings/tokens/new", form: form, proof: proof, number: number)
            #expect(again.status == 200)
            #expect(again.text.contains("This token was created already"))
            #expect(again.text.contains("Laptop"))
            #expect(again.text.contains(token.lastFour))
            #expect(again.text.contains("href=\"/settings/tokens/\(token.id)\""))
            #expect(again.text.contains("href=\"/settings/tokens/new?name=Laptop\""))
            #expect(!again.text.contains(secret))
        }
        #expect(try await tokens(world, ember).count == 1)
        _ = try await browser.get("/settings/tokens/new")
        _ = try await browser.post("/settings/tokens/new", form: Self.form)
        #expect(try await tokens(world, ember).count == 2)
    }

    @Test func doubleClickMakesOneToken() async throws {
        let (world, ember, browser) = try await world()
        let page = try await browser.get("/settings/tokens/new")
        let (proof, number) = (page.formToken, page.formNumber)
        let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    try await browser.post(
                        "/settings/tokens/new", form: Self.form, proof: proof, number: number)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try await tokens(world, ember).count == 1)
        #expect(answers.count { $0.element(id: "new-token") != nil } == 1)
        #expect(answers.count { $0.text.contains("created already") && $0.text.contains("Laptop") } == 5)
    }

    @Test func formWithAMistakeKeepsItsNumber() async throws {
        let (world, ember, browser) = try await world()
        let number = try await browser.get("/settings/tokens/new").formNumber
        let wrong = try await browser.post(
            "/settings/tokens/new", form: [("name", ""), ("expires", "30d")])
        #expect(wrong.status == 422)
        #expect(wrong.formNumber == number)
        #expect(
            try await browser.post("/settings/tokens/new", form: Self.form).element(id: "new-token") != nil)
        #expect(try await tokens(world, ember).count == 1)
    }

    @Test func numberThatWasNotDrawnForThisFormMakesNothing() async throws {
        let (world, ember, browser) = try await world()
        let old = try await world.issue(to: ember)
        let ofRotation = try await browser.get("/settings/tokens/\(old.token.id)/rotate").formNumber
        let own = try #require(try await browser.get("/settings/tokens/new").formNumber)
        let proof = browser.formToken
        let stranger = try await world.browser(of: ember)
        let foreign = try await stranger.get("/settings/tokens/new").formNumber
        for number in ["", "x", own + "A", String(own.dropLast()), ofRotation, foreign] {
            let answer = try await browser.post(
                "/settings/tokens/new", form: Self.form + [("once", number ?? "")], proof: proof, number: "")
            #expect(answer.status == 422)
            #expect(answer.text.contains("Look at the form, and send it again."))
            #expect(answer.text.contains("value=\"Laptop\""))
            #expect(answer.formNumber != nil)
        }
        #expect(try await tokens(world, ember).count == 1)
        // The form that comes back can be sent.
        _ = try await browser.post("/settings/tokens/new", form: Self.form)
        #expect(try await tokens(world, ember).count == 2)
    }

    @Test func formIsTooOldAfterADay() async throws {
        let world = try await TestAuthority(configure: { $0.freshPasswordAfter = .seconds(30 * 86_400) })
        let ember = try await world.person("ember")
        let browser = try await world.browser(of: ember)
        let page = try await browser.get("/settings/tokens/new")
        try await world.advance(by: FormNumber.lifetime)
        let answer = try await browser.post(
            "/settings/tokens/new", form: Self.form, proof: page.formToken, number: page.formNumber)
        #expect(answer.status == 422)
        #expect(try await tokens(world, ember).isEmpty)
    }

    @Test func numberOutlivesNoClaim() async throws {
        let world = try await TestAuthority(configure: { $0.freshPasswordAfter = .seconds(30 * 86_400) })
        let ember = try await world.person("ember")
        let browser = try await world.browser(of: ember)
        let page = try await browser.get("/settings/tokens/new")
        func send() async throws -> TestAnswer {
            try await browser.post(
                "/settings/tokens/new", form: Self.form, proof: page.formToken, number: page.formNumber)
        }
        try await world.advance(by: FormNumber.lifetime - .seconds(1))
        #expect(try await send().element(id: "new-token") != nil)
        _ = try await world.authority.store.pruneClaims(expiredAt: world.clock.now, limit: 99)
        #expect(try await send().text.contains("created already"))
        try await world.advance(by: .seconds(1))
        #expect(try await send().status == 422)
        #expect(try await tokens(world, ember).count == 1)
    }

    @Test func rotationThatIsSentTwiceMakesOneToken() async throws {
        let (world, ember, browser) = try await world()
        let old = try await world.issue(to: ember, name: "Laptop")
        let target = "/settings/tokens/\(old.token.id)/rotate"
        let page = try await browser.get(target)
        let (proof, number) = (page.formToken, page.formNumber)
        #expect(
            try await browser.post(target, form: [("overlap", "soon")], proof: proof, number: number).status
                == 422)
        let first = try await browser.post(
            target, form: [("overlap", "0")], proof: proof, number: number)
        let secret = try #require(first.element(id: "new-token"))
        let new = try #require(try await tokens(world, ember).first { $0.replaces == old.token.id })
        let again = try await browser.post(
            target, form: [("overlap", "0")], proof: proof, number: number)
        #expect(again.text.contains("This token was created already"))
        #expect(again.text.contains("href=\"/settings/tokens/\(new.id)\""))
        #expect(again.text.contains(new.lastFour))
        #expect(!again.text.contains(secret))
        #expect(try await tokens(world, ember).count == 2)
    }

    @Test func applicationForAnAccountThatIsSentTwiceOpensOne() async throws {
        let (world, _, _) = try await world()
        let client = world.client()
        let page = try await client.get("/register")
        let visitor = try #require(client.cookie("tessera-visitor"))
        let form = [
            ("email", "cinder@example.org"), ("username", "Cinder"), ("password", "goblets dented by teeth"),
            ("next", "/settings/tokens"),
        ]
        #expect(try await client.post("/register", form: form).status == 303)
        // The second of two clicks was sent before the answer to the first had come.
        let second = world.client()
        second.plant("tessera-visitor", visitor)
        let again = try await second.post(
            "/register", form: form, proof: page.formToken, number: page.formNumber)
        #expect(again.status == 200)
        #expect(again.text.contains("Your account was created already"))
        #expect(again.text.contains("href=\"/login?next=%2Fsettings%2Ftokens\""))
        #expect(try await world.authority.store.users(after: nil, limit: 9).count == 2)
        // With the session that the first has begun, there is nothing to open.
        let back = try await client.post(
            "/register", form: form, proof: page.formToken, number: page.formNumber)
        #expect(back.location == "/settings/tokens")
    }

    @Test func tokenThatIsGoneIsNotNamed() async throws {
        let (world, ember, browser) = try await world()
        let page = try await browser.get("/settings/tokens/new")
        _ = try await browser.post("/settings/tokens/new", form: Self.form)
        let token = try #require(try await tokens(world, ember).first)
        _ = try await world.authority.tokens.revoke(token, by: .commandLine, at: world.clock.now)
        _ = try await world.authority.store.pruneTokens(
            deadBefore: world.clock.now + .seconds(1), limit: 9)
        let again = try await browser.post(
            "/settings/tokens/new", form: Self.form, proof: page.formToken, number: page.formNumber)
        #expect(again.text.contains("This form was sent already"))
        #expect(try await tokens(world, ember).isEmpty)
    }
}
