import Glibc
import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraServer
import TesseraTestKit
import TesseraTime
import Testing

/// Sign-ins that are under way while the account changes.
@Suite struct SignInRaceTests {
    private static let newPassword = "a cave behind the waterfall"
    /// `TESSERA_TEST_RACES` names how often each race is run.
    private static let rounds = getenv("TESSERA_TEST_RACES").flatMap { Int(String(cString: $0)) } ?? 3

    /// Signs in with the old password in many browsers at once while `change` runs in the middle of it.
    ///
    /// - Parameter before: An authority in which the browsers have signed in before, so that each has a budget of attempts of
    ///   its own.
    /// - Returns: The browsers.
    private func race(
        _ world: TestAuthority, _ user: User, before: TestAuthority? = nil,
        _ change: @escaping @Sendable () async throws -> Void
    ) async throws -> [TestClient] {
        var browsers: [TestClient] = []
        for _ in 0..<12 {
            let known = try await (before ?? world).browser(of: user)
            let browser = world.client()
            browser.plant("tessera-device", try #require(known.cookie("tessera-device")))
            _ = try await browser.get("/login")
            browsers.append(browser)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, browser) in browsers.enumerated() {
                group.addTask {
                    let answer = try await browser.post(
                        "/login", form: [("email", user.email.text), ("password", TestAuthority.password)])
                    #expect([303, 422].contains(answer.status))
                }
                if number == 5 { group.addTask { try await change() } }
            }
            try await group.waitForAll()
        }
        return browsers
    }

    @Test func noSignInWithTheOldPasswordOutlivesItsChange() async throws {
        for _ in 0..<Self.rounds {
            let world = try await TestAuthority()
            let ember = try await world.person("ember")
            let browser = try await world.browser(of: ember)
            _ = try await browser.get("/settings/password")
            let browsers = try await race(world, ember) {
                let answer = try await browser.post(
                    "/settings/password",
                    form: [
                        ("current_password", TestAuthority.password), ("new_password", Self.newPassword),
                        ("end_sessions", "yes"), ("tokens", "revoke"),
                    ])
                #expect(answer.location == "/settings/password?done=changed")
            }
            for browser in browsers { #expect(try await browser.get("/api/me").status == 401) }
            #expect(try await browser.get("/api/me").status == 200)
            #expect(try await world.authority.store.sessions(of: ember.id, limit: 99).count == 1)
        }
    }

    @Test func noSignInOutlivesANewPasswordFromTheCommandLine() async throws {
        for _ in 0..<Self.rounds {
            let world = try await TestAuthority()
            let ember = try await world.person("ember")
            let browsers = try await race(world, ember) {
                let outcome = try await world.authority.accounts.setPassword(
                    Self.newPassword, of: ember, by: .commandLine, at: world.clock.now)
                #expect(outcome != nil)
            }
            for browser in browsers { #expect(try await browser.get("/api/me").status == 401) }
        }
    }

    @Test func oldHashThatIsRenewedMeanwhileDoesNotBringTheOldPasswordBack() async throws {
        for _ in 0..<Self.rounds {
            let store = try await TestStore.chosen.make()
            let old = try await TestAuthority(store: store) {
                $0.passwordParameters = Argon2Parameters(memory: 8, passes: 2)!
            }
            let ember = try await old.person("ember")
            let world = try await TestAuthority(store: store, seed: 2)
            _ = try await race(world, ember, before: old) {
                let outcome = try await world.authority.accounts.setPassword(
                    Self.newPassword, of: ember, by: .commandLine, at: world.clock.now)
                #expect(outcome != nil)
            }
            func isRight(_ password: String) async throws -> Bool {
                try await world.authority.accounts.authenticate(
                    email: ember.email.text, password: password, at: world.clock.now) != nil
            }
            #expect(try await isRight(Self.newPassword))
            #expect(try await !isRight(TestAuthority.password))
        }
    }

    /// Sign-ins that only renew the hash do not get in each other's way.
    @Test func manyCanSignInWhileAnOldHashIsRenewed() async throws {
        let store = try await TestStore.chosen.make()
        let old = try await TestAuthority(store: store) {
            $0.passwordParameters = Argon2Parameters(memory: 8, passes: 2)!
        }
        let ember = try await old.person("ember")
        let world = try await TestAuthority(store: store, seed: 2)
        let browsers = try await race(world, ember, before: old) {}
        for browser in browsers { #expect(try await browser.get("/api/me").status == 200) }
    }

    @Test func proofFromBeforeADisablingStartsNoSession() async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        let (authority, now) = (world.authority, world.clock.now)
        let browser = try await world.browser(of: ember)
        var attempts = 0
        let result: Bool? = try await authority.accounts.authenticate(
            email: ember.email.text, password: TestAuthority.password, at: now
        ) { proof in
            attempts += 1
            if attempts == 1 {
                for isDisabled in [true, false] {
                    _ = try await authority.accounts.setDisabled(
                        isDisabled, user: ember.id, by: .commandLine, at: now)
                }
            }
            let started = try await authority.sessions.start(proof, userAgent: "", address: "", at: now)
            return started.map { _ in true }
        }
        // The password is still right, so that the second proof counts.
        #expect(result == true)
        #expect(attempts == 2)
        #expect(try await browser.get("/api/me").status == 401)
        #expect(try await authority.store.sessions(of: ember.id, limit: 9).count == 1)
    }
}
