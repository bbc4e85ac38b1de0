import TesseraCore
import TesseraHTTP
import TesseraServer
import TesseraTestKit
import Testing

@Suite struct SignInThrottleRoutesTests {
    private func signIn(
        _ client: TestClient, _ email: String, _ password: String = "wrong"
    ) async throws -> TestAnswer {
        _ = try await client.get("/login")
        return try await client.post("/login", form: [("email", email), ("password", password)])
    }

    @Test func afterFiveFailuresEvenTheRightPasswordWaits() async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember").email.text
        let client = world.client()
        for _ in 0..<5 { #expect(try await signIn(client, ember).status == 422) }
        let answer = try await signIn(client, ember, TestAuthority.password)
        #expect(answer.status == 429)
        #expect(answer.fields[.retryAfter] == "1")
        #expect(answer.text.contains("Too many attempts. Try again in 1 second."))
        #expect(client.cookie("tessera-session") == nil)
        try await world.advance(by: .seconds(1))
        #expect(try await signIn(client, ember, TestAuthority.password).status == 303)
        #expect(try await world.client().get("/metrics").text.contains("tessera_passwords_not_tried_total 1"))
    }

    @Test func unknownAccountIsThrottledInTheSameWords() async throws {
        let world = try await TestAuthority()
        var texts: [String] = []
        for email in [try await world.person("ember").email.text, "nobody@example.org"] {
            let client = world.client()
            for _ in 0..<5 { #expect(try await signIn(client, email).status == 422) }
            let answer = try await signIn(client, email)
            #expect(answer.status == 429)
            let proof = try #require(client.formToken)
            texts.append(answer.text.replacing(email, with: "EMAIL").replacing(proof, with: "PROOF"))
        }
        #expect(Set(texts).count == 1)
    }

    @Test func strangerDoesNotLockOutTheBrowserOfThePerson() async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        let own = try await world.browser(of: ember)
        _ = try await own.get("/settings/tokens")
        #expect(try await own.post("/logout").status == 303)
        let stranger = world.client()
        for _ in 0..<6 { _ = try await signIn(stranger, ember.email.text) }
        #expect(try await signIn(stranger, ember.email.text).status == 429)
        #expect(try await signIn(own, ember.email.text, TestAuthority.password).status == 303)
    }

    @Test func markOfAnotherAccountOrAChangedOneIsNone() async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        let own = try await world.browser(of: try await world.person("ash"))
        let mark = try #require(own.cookie("tessera-device"))
        for planted in [mark, "x" + mark.dropFirst(), mark + "A", "", "."] {
            let stranger = world.client()
            stranger.plant("tessera-device", planted)
            for _ in 0..<5 { _ = try await signIn(stranger, ember.email.text) }
            #expect(try await signIn(stranger, ember.email.text).status == 429)
        }
    }

    @Test func passwordPageIsThrottledAndStrangersDoNotDisturbIt() async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        let browser = try await world.browser(of: ember)
        let stranger = world.client()
        for _ in 0..<8 { _ = try await signIn(stranger, ember.email.text) }
        _ = try await browser.get("/settings/password")
        func change(_ current: String) async throws -> TestAnswer {
            try await browser.post(
                "/settings/password",
                form: [("current_password", current), ("new_password", "goblets dented by teeth")])
        }
        for _ in 0..<5 { #expect(try await change("wrong").status == 422) }
        let answer = try await change(TestAuthority.password)
        #expect(answer.status == 429)
        #expect(answer.text.contains("Try again in 1 second."))
        try await world.advance(by: .seconds(1))
        #expect(try await change(TestAuthority.password).status == 303)
    }
}
