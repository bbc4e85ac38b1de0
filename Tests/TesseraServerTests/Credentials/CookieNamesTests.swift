import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraServer
import TesseraTestKit
import Testing

/// Several services on one host: a browser sends each of them the cookies of all.
@Suite struct CookieNamesTests {
    /// One jar for two services, as a browser keeps it for one host.
    private func copyCookies(from one: TestClient, to other: TestClient) {
        for name in one.cookieNames { other.plant(name, one.cookie(named: name) ?? "") }
    }

    @Test func twoInstallationsDoNotOverwriteEachOthersSessions() async throws {
        // The same issuer, but another store.
        let (one, other) = (try await TestAuthority(seed: 1), try await TestAuthority(seed: 2))
        let first = try await one.browser(of: try await one.person("ember"))
        let second = other.client()
        let cinder = try await other.person("cinder")
        copyCookies(from: first, to: second)
        _ = try await second.get("/login")
        let signedIn = try await second.post(
            "/login", form: [("email", cinder.email.text), ("password", TestAuthority.password)])
        #expect(signedIn.status == 303)
        copyCookies(from: second, to: first)
        #expect(try await first.get("/api/me")["username"]?.string == "ember")
        #expect(try await second.get("/api/me")["username"]?.string == "cinder")
        // Forms of both are still bound to their own cookies.
        _ = try await first.get("/settings/tokens/new")
        let made = try await first.post(
            "/settings/tokens/new", form: [("name", "Laptop"), ("expires", "30d")])
        #expect(made.status == 200)
        _ = try await second.get("/settings/tokens")
        #expect(try await second.post("/logout").status == 303)
        copyCookies(from: second, to: first)
        #expect(try await first.get("/api/me")["username"]?.string == "ember")
    }

    @Test func nodesOfOneInstallationShareTheNames() async throws {
        let store = try await TestStore.chosen.make()
        let one = try await TestAuthority(store: store, seed: 1)
        // A node that was given no issuer takes its own address for it.
        let other = try await TestAuthority(store: store, seed: 2) { $0.issuer = "http://127.0.0.1:8081" }
        let ember = try await one.person("ember")
        let names = Set(try await one.browser(of: ember).cookieNames)
        #expect(Set(try await other.browser(of: ember).cookieNames) == names)
        // So has the next start.
        let again = try await TestAuthority(store: store, seed: 3)
        #expect(Set(try await again.browser(of: ember).cookieNames) == names)
    }

    @Test func aSessionFromBeforeIsStillOne() async throws {
        let world = try await TestAuthority()
        let browser = try await world.browser(of: try await world.person("ember"))
        let old = world.client()
        old.plant("tessera-session", try #require(browser.cookie("tessera-session")))
        #expect(try await old.get("/api/me")["username"]?.string == "ember")
        _ = try await old.get("/settings/tokens")
        let signedOut = try await old.post("/logout")
        #expect(signedOut.status == 303)
        #expect(old.cookieNames.filter { $0.hasSuffix("tessera-session") }.isEmpty)
    }

    @Test func aFormerNameDoesNotStandInForTheOwn() async throws {
        let world = try await TestAuthority()
        let browser = try await world.browser(of: try await world.person("ember"))
        let stranger = try await world.browser(of: try await world.person("cinder"))
        browser.plant("tessera-session", try #require(stranger.cookie("tessera-session")))
        #expect(try await browser.get("/api/me")["username"]?.string == "ember")
    }

    @Test func onHTTPSTheNamesKeepTheirPrefix() async throws {
        let world = try await TestAuthority { $0.issuer = "https://tokens.example.com/auth" }
        let browser = try await world.browser(of: try await world.person("ember"))
        #expect(browser.cookieNames.count == 2)
        for name in browser.cookieNames { #expect(name.hasPrefix("__Host-"), "\(name)") }
    }
}
