import TesseraCore
import TesseraHTTP
import TesseraOpenAPI
import TesseraTestKit
import TesseraTime
import Testing

@testable import TesseraServer

@Suite struct RequestRoutesTests {
    /// Somebody with a token, their browser, and the token as it is presented.
    private func world(
        configure: (inout AuthorityConfiguration) -> Void = { _ in }
    ) async throws -> (world: TestAuthority, browser: TestClient, issued: IssuedToken, token: String) {
        let world = try await TestAuthority(configure: configure)
        let ember = try await world.person("ember")
        let issued = try await world.issue(to: ember, scopes: ["tokens:read"], name: "Backup")
        return (world, try await world.browser(of: ember), issued, issued.secret.plainText)
    }

    /// Writes what has been collected, as a server does each second.
    private func write(_ world: TestAuthority) async throws {
        try await world.authority.requests.flush()
        try await world.authority.refusals.flush()
    }

    private func kept(_ world: TestAuthority) async throws -> [TokenRequest] {
        try await write(world)
        return try await world.authority.store.requests(.init(), limit: 99)
    }

    @Test func acceptedRequestIsKeptWithItsOutcome() async throws {
        let (world, _, issued, token) = try await world()
        _ = try await world.client().get("/api/me?secret=1", token: token)
        _ = try await world.client().get("/api/tokens", token: token)
        let requests = try await kept(world)
        #expect(requests.map(\.path) == ["/api/tokens", "/api/me"])
        #expect(requests.map(\.status) == [200, 200])
        #expect(requests.map(\.method) == ["GET", "GET"])
        #expect(requests.allSatisfy { $0.token == issued.token.id && $0.owner == issued.token.owner })
    }

    @Test func whatGoesWrongAfterTheCheckIsKeptWithItsStatus() async throws {
        let (world, _, _, _) = try await world()
        let ash = try await world.person("ash")
        let token = try await world.token(for: ash, scopes: ["tokens:read", "tokens:write"])
        let answer = try await world.client().send(.post, "/api/tokens", token: token, json: "{")
        #expect(answer.status == 400)
        #expect(answer.fields[.tesseraRefusal] != nil)
        #expect(try await kept(world).map(\.status) == [400])
    }

    @Test func refusedTokenIsShownOnceAndExplained() async throws {
        let (world, browser, _, token) = try await world()
        let refused = try await world.client().send(
            .post, "/api/tokens", token: token, json: #"{"name":"x","scopes":[]}"#)
        #expect(refused.status == 403)
        #expect(try await kept(world).isEmpty)
        let page = try await browser.get("/settings/requests")
        let id = try #require(refused.fields[.tesseraRefusal])
        #expect(page.text.contains("Refused 403"))
        #expect(page.text.contains("/refusals/\(id)"))
    }

    @Test func sessionsAndAnonymousCallersAreNotKept() async throws {
        let (world, browser, _, _) = try await world()
        #expect(try await browser.get("/api/me").status == 200)
        #expect(try await world.client().get("/api/me").status == 401)
        #expect(try await kept(world).isEmpty)
    }

    @Test func pageShowsOnlyOnesOwn() async throws {
        let (world, browser, issued, token) = try await world()
        let ash = try await world.person("ash")
        let ashToken = try await world.issue(to: ash, name: "Foreign")
        _ = try await world.client().get("/api/me", token: ashToken.secret.plainText)
        _ = try await world.client().get("/api/tokens", token: token)
        try await write(world)
        for address in ["", "?token=\(issued.token.id)", "?token=nonsense"] {
            let page = try await browser.get("/settings/requests\(address)").text
            #expect(page.contains("GET /api/tokens"))
            #expect(page.contains("Answered 200"))
            #expect(!page.contains("Foreign"))
            #expect(!page.contains("GET /api/me"))
        }
        let foreign = try await browser.get("/settings/requests?token=\(ashToken.token.id)").text
        #expect(foreign.contains("No requests lately"))
    }

    @Test func emptyPageSaysWhatToTry() async throws {
        let (_, browser, _, _) = try await world()
        let page = try await browser.get("/settings/requests").text
        #expect(page.contains("No requests lately"))
        #expect(page.contains("$TOKEN"))
        #expect(page.contains("http://127.0.0.1:8080/api/me"))
        #expect(page.contains("Kept for 1 day; refused ones for 7 days."))
    }

    @Test func listGoesOnOverPages() async throws {
        let (world, browser, issued, token) = try await world { $0.requestsPerSecond = 1_000 }
        for _ in 0..<35 { _ = try await world.client().get("/api/me", token: token) }
        try await write(world)
        let first = try await browser.get("/settings/requests?token=\(issued.token.id)").text
        let next = try #require(first.firstMatch(of: /rel="next" href="([^"]+)"/)?.1)
        let address = next.replacing("&amp;", with: "&")
        #expect(address.contains("token=\(issued.token.id)"))
        let second = try await browser.get("/settings/requests\(address)").text
        #expect(first.matches(of: /GET \/api\/me/).count == 30)
        #expect(second.matches(of: /GET \/api\/me/).count == 5)
    }

    @Test func sampleIsSaidToBeOne() async throws {
        let (world, browser, _, token) = try await world { $0.requestsPerSecond = 20 }
        func page() async throws -> String { try await browser.get("/settings/requests").text }
        _ = try await world.client().get("/api/me", token: token)
        #expect(try await !page().contains("this is a sample"))
        for _ in 0..<5 { _ = try await world.client().get("/api/me", token: token) }
        #expect(try await page().contains("this is a sample"))
        #expect(try await kept(world).count == 2)
        world.clock.advance(by: .seconds(86_400))
        #expect(try await !page().contains("this is a sample"))
    }

    @Test func nothingIsKeptWhenTheOperatorWantsNothing() async throws {
        let (world, browser, _, token) = try await world { $0.retention.requests = .zero }
        _ = try await world.client().get("/api/me", token: token)
        #expect(try await kept(world).isEmpty)
        #expect(try await browser.get("/settings/requests").text.contains("are not kept here"))
    }
}
