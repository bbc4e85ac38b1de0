import TesseraCore
import TesseraHTTP
import TesseraHosting
import TesseraJSON
import TesseraServer
import TesseraTestKit
import TesseraTime
import Testing

/// Changes of tokens by a session whose password was given too long ago.
@Suite struct TokenChangeFreshnessTests {
    private struct World {
        let kit: TestAuthority
        let browser: TestClient
        let token: AccessToken

        init(isDisabled: Bool = false, age: Duration = .seconds(62)) async throws {
            kit = try await TestAuthority { $0.freshPasswordAfter = .seconds(60) }
            let ember = try await kit.person("ember")
            browser = try await kit.browser(of: ember)
            let issued = try await kit.issue(to: ember, lifetime: .seconds(30 * 86_400)).token
            _ = try await browser.get("/settings/password")
            token =
                isDisabled
                ? try await kit.authority.tokens.change(
                    issued, .init(isSuspended: true), by: .commandLine, at: kit.clock.now) : issued
            kit.clock.advance(by: age)
        }

        var path: String { "/settings/tokens/\(token.id)" }

        func stored() async throws -> AccessToken {
            try #require(try await kit.authority.store.token(token.id))
        }

        func patch(_ json: String) async throws -> TestAnswer {
            try await browser.send(.patch, "/api/tokens/\(token.id)", proof: browser.formToken, json: json)
        }

        func confirm(_ next: String) async throws -> TestAnswer {
            try await browser.post(
                "/login/confirm", form: [("password", TestAuthority.password), ("next", next)])
        }
    }

    @Test(arguments: [
        [("expires", "never")], [("expires", "90d")], [("expires", "7d"), ("expires_on", "2026-12-31")],
    ])
    func laterEndIsAskedForOnceMoreAndComesBackFilledIn(form: [(String, String)]) async throws {
        let world = try await World()
        let answer = try await world.browser.post(world.path + "/expiry", form: form)
        let page = world.path + "/expiry?" + FormEncoding.encode(form)
        #expect(answer.location == "/login/confirm?next=" + PercentEncoding.queryValue(page))
        #expect(try await world.stored() == world.token)

        #expect(try await world.confirm(page).location == page)
        let filled = try await world.browser.get(page).text
        for (name, value) in form {
            #expect(
                filled.contains(name == "expires" ? #"value="\#(value)" selected"# : #"value="\#(value)""#))
        }
        #expect(
            try await world.browser.post(world.path + "/expiry", form: form).location?
                .hasPrefix(world.path + "?done=expiry") == true)
        #expect(try await world.stored().expiresAt != world.token.expiresAt)
    }

    @Test func earlierEndAndDisablingAndRenamingAskForNothing() async throws {
        let world = try await World()
        for (form, fields) in [
            ("/rename", [("name", "Desk")]), ("/expiry", [("expires", "7d")]), ("/disable", []),
            ("/revoke", []),
        ] as [(String, [(String, String)])] {
            let answer = try await world.browser.post(world.path + form, form: fields)
            #expect(answer.location?.hasPrefix("/settings/tokens") == true, "\(form)")
        }
        #expect(try await world.stored().revokedAt != nil)
    }

    @Test func enablingIsAskedForOnceMoreAndComesBackToTheToken() async throws {
        let world = try await World(isDisabled: true)
        let answer = try await world.browser.post(world.path + "/enable")
        #expect(answer.location == "/login/confirm?next=" + PercentEncoding.queryValue(world.path))
        #expect(try await world.stored() == world.token)
        _ = try await world.confirm(world.path)
        _ = try await world.browser.get(world.path)
        #expect(try await world.browser.post(world.path + "/enable").location == world.path + "?done=enabled")
        #expect(try await world.stored().suspendedAt == nil)
    }

    @Test(arguments: [
        #"{"expires_at":"9999-12-31T23:59:59Z"}"#, #"{"expires_at":null}"#, #"{"disabled":false}"#,
        #"{"name":"Desk","disabled":false}"#, #"{"expires_at":null,"disabled":true}"#,
    ])
    func programWithAnOldSessionGivesNoMore(json: String) async throws {
        let world = try await World(isDisabled: true)
        let answer = try await world.patch(json)
        #expect(answer.isProblem(403))
        #expect(answer["detail"]?.string?.contains("/login/confirm") == true)
        #expect(try await world.stored() == world.token)
        _ = try await world.confirm(world.path)
        _ = try await world.browser.get(world.path)
        #expect(try await world.patch(json).status == 200)
    }

    @Test func programWithAnOldSessionReduces() async throws {
        let world = try await World()
        let sooner = (world.kit.clock.now + .seconds(60)).rfc3339
        #expect(try await world.patch(#"{"name":"Desk","metadata":{"a":"b"}}"#).status == 200)
        #expect(try await world.patch(#"{"expires_at":"\#(sooner)"}"#).status == 200)
        #expect(try await world.patch(#"{"disabled":true}"#).status == 200)
        let token = try await world.stored()
        #expect(token.expiresAt?.rfc3339 == sooner)
        #expect(token.suspendedAt != nil)
    }

    @Test func sessionOneMillisecondYoungerGivesMore() async throws {
        let world = try await World(age: .seconds(60) - .milliseconds(1))
        #expect(try await world.patch(#"{"expires_at":null}"#).status == 200)
        #expect(try await world.stored().expiresAt == nil)
    }

    @Test func endThatWasBroughtForwardMeanwhileIsNotPutOffAgain() async throws {
        let world = try await World()
        let (desk, now) = (world.kit.authority.tokens, world.kit.clock.now)
        _ = try await desk.change(
            world.token, .init(expiry: .at(now + .seconds(60))), by: .commandLine, at: now)
        // By the state that was read before, this reduces.
        await #expect(throws: TokenDesk.GivesMore.self) {
            try await desk.change(
                world.token, .init(expiry: .at(now + .seconds(120))), onlyReducing: true, by: .system,
                at: now)
        }
        #expect(try await world.stored().expiresAt == now + .seconds(60))
    }
}
