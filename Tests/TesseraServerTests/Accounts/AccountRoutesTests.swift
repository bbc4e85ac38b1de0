import TesseraCore
import TesseraHTTP
import TesseraServer
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct AccountRoutesTests {
    private static let newPassword = "goblets dented by teeth"

    /// Two browsers of one person, and a token of theirs.
    private func world(
        _ rule: AuthorityConfiguration.PasswordChangeTokens = .ask
    ) async throws -> (world: TestAuthority, here: TestClient, there: TestClient, token: IssuedToken) {
        let world = try await TestAuthority(configure: { $0.passwordChangeTokens = rule })
        let ember = try await world.person("ember")
        let token = try await world.issue(to: ember, name: "Backup")
        return (world, try await world.browser(of: ember), try await world.browser(of: ember), token)
    }

    private func change(
        _ browser: TestClient, current: String = TestAuthority.password, new: String = newPassword,
        _ more: [(String, String)] = [("tokens", "keep"), ("end_sessions", "yes")]
    ) async throws -> TestAnswer {
        _ = try await browser.get("/settings/password")
        return try await browser.post(
            "/settings/password", form: [("current_password", current), ("new_password", new)] + more)
    }

    // MARK: Sessions

    @Test func sessionIsEndedFromAnotherBrowser() async throws {
        let (world, here, there, _) = try await world()
        let page = try await here.get("/settings/sessions")
        #expect(page.text.contains("This browser"))
        let action = try #require(page.text.firstMatch(of: /action="([^"]+\/end)"/)?.1)
        #expect(try await here.post(String(action), proof: "wrong").status == 403)
        #expect(try await there.get("/api/me").status == 200)
        #expect(try await here.post(String(action)).location == "/settings/sessions?done=ended")
        #expect(try await there.get("/api/me").status == 401)
        #expect(try await here.get("/api/me").status == 200)
        #expect(try await here.post(String(action)).status == 404)
        let activity = try await here.get("/settings/activity")
        #expect(activity.text.contains("You ended the session of A program without a name"))
        _ = world
    }

    @Test func sessionOfSomebodyElseDoesNotExist() async throws {
        let (world, _, there, _) = try await world()
        let ash = try await world.browser(of: try await world.person("ash"))
        let address = try #require(EmailAddress("ember@example.org"))
        let ember = try #require(try await world.authority.store.user(email: address))
        let session = try #require(
            try await world.authority.store.sessions(of: ember.id, limit: 1).first)
        _ = try await ash.get("/settings/sessions")
        #expect(try await ash.post("/settings/sessions/\(session.id)/end").status == 404)
        #expect(try await ash.post("/settings/sessions/nonsense/end").status == 404)
        #expect(try await there.get("/api/me").status == 200)
    }

    @Test func signingOutEverywhereElseKeepsThisBrowserAndTheTokens() async throws {
        let (world, here, there, token) = try await world()
        let confirmation = try await here.get("/settings/sessions/others")
        #expect(confirmation.text.contains("1 session ends"))
        #expect(try await here.post("/settings/sessions/others").status == 303)
        #expect(try await there.get("/api/me").status == 401)
        #expect(try await here.get("/api/me").status == 200)
        #expect(try await world.client().get("/api/me", token: token.secret.plainText).status == 200)
        #expect(try await here.get("/settings/sessions/others").text.contains("signed in nowhere else"))
    }

    // MARK: Password

    @Test func previewNamesWhatWouldStop() async throws {
        let (world, here, _, token) = try await world()
        _ = try await world.issue(to: try await world.person("ash"), name: "Foreign")
        let page = try await here.get("/settings/password")
        #expect(page.text.contains("Backup"))
        #expect(page.text.contains("…\(token.token.lastFour)"))
        #expect(page.text.contains("never used"))
        #expect(page.text.contains("sessions-that-would-end"))
        #expect(!page.text.contains("Foreign"))
    }

    @Test func newPasswordEndsSessionsAndKeepsTokensAsChosen() async throws {
        let (world, here, there, token) = try await world()
        let before = here.cookie("tessera-session")
        let answer = try await change(here)
        #expect(answer.location == "/settings/password?done=changed")
        #expect(here.cookie("tessera-session") != before)
        #expect(try await here.get("/api/me").status == 200)
        #expect(try await there.get("/api/me").status == 401)
        #expect(try await world.client().get("/api/me", token: token.secret.plainText).status == 200)
        // The session in which it was changed is over as well.
        let old = world.client()
        old.plant("tessera-session", try #require(before))
        #expect(try await old.get("/api/me").status == 401)
        let accounts = world.authority.accounts
        let now = world.clock.now
        #expect(
            try await accounts.authenticate(
                email: "ember@example.org", password: TestAuthority.password, at: now) == nil)
        #expect(
            try await accounts.authenticate(
                email: "ember@example.org", password: Self.newPassword, at: now) != nil)
    }

    @Test func tokensAreRevokedBeforeTheAnswer() async throws {
        let (world, here, there, token) = try await world()
        let program = world.client()
        #expect(try await program.get("/api/me", token: token.secret.plainText).status == 200)
        #expect(try await change(here, [("tokens", "revoke")]).status == 303)
        #expect(try await program.get("/api/me", token: token.secret.plainText).status == 401)
        // The box was not ticked.
        #expect(try await there.get("/api/me").status == 200)
        let activity = try await here.get("/settings/activity").text
        #expect(activity.contains("You revoked the token “Backup”"))
        #expect(activity.contains("You changed your password"))
    }

    @Test(arguments: [
        (AuthorityConfiguration.PasswordChangeTokens.keep, "revoke", 200), (.revoke, "keep", 401),
    ])
    func ruleOfTheOperatorStandsAboveTheChoice(
        rule: AuthorityConfiguration.PasswordChangeTokens, choice: String, status: Int
    ) async throws {
        let (world, here, _, token) = try await world(rule)
        #expect(try await change(here, [("tokens", choice)]).status == 303)
        #expect(try await world.client().get("/api/me", token: token.secret.plainText).status == status)
    }

    @Test(arguments: [
        ("wrong", newPassword, "This is not your password."), ("", newPassword, "This is not your password."),
        (TestAuthority.password, "short", "Use at least 15 characters"),
        (TestAuthority.password, "password123456789", "tried first"),
        (TestAuthority.password, "ember-ember-ember-1", "Leave your name"),
    ])
    func whatIsWrongChangesNothingAndStandsBesideItsField(
        current: String, new: String, sentence: String
    ) async throws {
        let (world, here, there, token) = try await world()
        let answer = try await change(here, current: current, new: new, [("tokens", "revoke")])
        #expect(answer.status == 422)
        #expect(answer.text.contains(sentence))
        #expect(answer.text.contains("aria-invalid"))
        #expect(!answer.text.contains("value=\"\(new)"))
        #expect(try await there.get("/api/me").status == 200)
        #expect(try await world.client().get("/api/me", token: token.secret.plainText).status == 200)
    }

    // MARK: Activity

    @Test func activityIsPagedNewestFirst() async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        for number in 1...40 { _ = try await world.issue(to: ember, name: "token \(number)") }
        let browser = try await world.browser(of: ember)
        let first = try await browser.get("/settings/activity").text
        #expect(first.contains("You signed in"))
        #expect(first.contains("An operator made the token “token 40”"))
        #expect(!first.contains("token 5”"))
        let older = try #require(first.firstMatch(of: /href="(\?before=[^"]+)"/)?.1)
        let second = try await browser.get("/settings/activity\(older)").text
        #expect(second.contains("“token 5”"))
        #expect(second.contains("An operator made your account"))
        #expect(!second.contains("rel=\"next\""))
    }

    @Test func securityPageCounts() async throws {
        let (_, here, _, _) = try await world()
        let page = try await here.get("/settings/security").text
        #expect(page.contains("Signed in with 2 browsers."))
        #expect(page.contains("1 can be used."))
    }

    @Test(arguments: ["sessions", "sessions/others", "password", "security", "activity"])
    func pagesNeedASession(page: String) async throws {
        let world = try await TestAuthority()
        let answer = try await world.client().get("/settings/\(page)")
        #expect(answer.status == 303)
        #expect(answer.location?.hasPrefix("/login?next=") == true)
    }
}
