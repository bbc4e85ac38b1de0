import TesseraCore
import TesseraHTTP
import TesseraServer
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct UserRoutesTests {
    private static let actions = ["disable", "enable", "end-sessions", "revoke-tokens"]

    /// An operator at work, and somebody with a browser and a token.
    private struct World {
        let kit: TestAuthority
        let keeper: TestClient
        let keeperID: User.ID
        let ember: User
        let browser: TestClient
        let token: String

        init() async throws {
            kit = try await TestAuthority()
            let operatorUser = try await kit.person("keeper", isOperator: true)
            keeperID = operatorUser.id
            keeper = try await kit.browser(of: operatorUser)
            ember = try await kit.person("ember")
            browser = try await kit.browser(of: ember)
            token = try await kit.issue(to: ember, name: "Backup").secret.plainText
        }

        var path: String { "/admin/users/\(ember.id)" }

        func act(_ action: String) async throws -> TestAnswer {
            _ = try await keeper.get("\(path)/\(action)")
            return try await keeper.post("\(path)/\(action)")
        }

        func isSignedIn() async throws -> Bool { try await browser.get("/api/me").status == 200 }
        func isAccepted() async throws -> Bool {
            try await kit.client().get("/api/me", token: token).status == 200
        }
    }

    @Test func listShowsEverybodyAndFindsByAddressOrName() async throws {
        let world = try await World()
        let list = try await world.keeper.get("/admin/users")
        #expect(list.text.contains("ember@example.org") && list.text.contains("keeper@example.org"))
        let found = try await world.keeper.get("/admin/users?q=EMBER%40")
        #expect(found.text.contains(world.path))
        #expect(!found.text.contains("/admin/users/\(world.keeperID)"))
        #expect(found.text.contains("value=\"EMBER@\""))
        let nobody = try await world.keeper.get("/admin/users?q=%3Cb%3E")
        #expect(nobody.text.contains("Nobody found"))
        #expect(!nobody.text.contains("<b>"))
    }

    @Test func listComesInPagesThatKeepTheSearch() async throws {
        let world = try await World()
        for number in 10..<35 { _ = try await world.kit.person("drake\(number)") }
        let first = try await world.keeper.get("/admin/users?q=drake")
        let next = try #require(first.text.firstMatch(of: /rel="next" href="([^"]+)"/)?.1)
        let second = try await world.keeper.get(
            "/admin/users" + String(next).replacing("&amp;", with: "&"))
        func count(_ page: TestAnswer) -> Int { page.text.matches(of: /drake[0-9]+@example/).count }
        #expect(count(first) == 20)
        #expect(count(second) == 5)
        #expect(second.text.contains("href=\"/admin/users?q=drake\""))
        #expect(!second.text.contains("rel=\"next\""))
    }

    @Test func pageOfAUserSaysWhatTheyHaveAndWhatHappened() async throws {
        let world = try await World()
        let page = try await world.keeper.get(world.path)
        #expect(page.text.contains("1 can be used"))
        #expect(page.text.contains("ember@example.org signed in"))
        #expect(
            page.text.contains("An operator at the command line made the token “Backup” of ember@example.org")
        )
        for action in ["disable", "end-sessions", "revoke-tokens"] {
            #expect(page.text.contains("\(world.path)/\(action)\""))
        }
        #expect(!page.text.contains("\(world.path)/enable\""))
        #expect(try await world.keeper.get("/admin/users/\(User.make().id)").status == 404)
        #expect(try await world.keeper.get("/admin/users/nobody").status == 404)
    }

    @Test func disabledUserIsShutOutUntilEnabled() async throws {
        let world = try await World()
        let question = try await world.keeper.get("\(world.path)/disable")
        #expect(question.text.contains("1 session ends:"))
        #expect(question.text.contains("1 token stops until the account is enabled:"))
        #expect(try await world.isSignedIn())
        #expect(try await world.act("disable").location == "\(world.path)?done=disable")
        #expect(try await !world.isSignedIn())
        #expect(try await !world.isAccepted())
        let page = try await world.keeper.get(world.path).text
        #expect(page.contains("\(world.path)/enable\""))
        #expect(page.contains("1 could be used if the account were enabled"))
        #expect(try await world.act("enable").status == 303)
        #expect(try await world.isAccepted())
        let event = try await world.kit.authority.store.lastEvent(.userDisabled, concerning: world.ember.id)
        #expect(event?.actor == .user(world.keeperID))
        #expect(event?.address == "local")
    }

    @Test func sessionsAndTokensEndEachAlone() async throws {
        let world = try await World()
        #expect(try await world.act("end-sessions").status == 303)
        #expect(try await !world.isSignedIn())
        #expect(try await world.isAccepted())
        #expect(try await world.act("revoke-tokens").status == 303)
        #expect(try await !world.isAccepted())
        let own = try await world.kit.browser(of: world.ember)
        let activity = try await own.get("/settings/activity").text
        #expect(activity.contains("An operator ended your sessions"))
        #expect(activity.contains("An operator revoked the token “Backup”"))
    }

    @Test func nobodyElseFindsAnyOfIt() async throws {
        let world = try await World()
        let pages =
            ["/admin", "/admin/users", world.path, "/admin/activity"]
            + Self.actions.map { "\(world.path)/\($0)" }
        for path in pages {
            let answer = try await world.browser.get(path)
            #expect(answer.status == 404)
            #expect(answer.text.contains("There is nothing at this path."))
            #expect(
                try await world.kit.client().get(path).location
                    == "/login?next=" + PercentEncoding.queryValue(path))
        }
        _ = try await world.browser.get("/settings/tokens")
        for action in Self.actions {
            #expect(try await world.browser.post("\(world.path)/\(action)").status == 404)
        }
        #expect(try await world.isAccepted())
        #expect(try await !world.browser.get("/settings/tokens").text.contains("/admin/"))
    }

    @Test(arguments: actions)
    func changeNeedsTheProofOfAPageAndAFreshPassword(action: String) async throws {
        let world = try await World()
        _ = try await world.keeper.get("\(world.path)/\(action)")
        #expect(try await world.keeper.post("\(world.path)/\(action)", proof: "wrong").status == 403)
        world.kit.clock.advance(by: .seconds(7_200))
        let confirmation = "/login/confirm?next=" + PercentEncoding.queryValue("\(world.path)/\(action)")
        #expect(try await world.keeper.get("\(world.path)/\(action)").location == confirmation)
        _ = try await world.keeper.get("/admin/users")
        #expect(try await world.keeper.post("\(world.path)/\(action)").location == confirmation)
        #expect(try await world.isAccepted())
        #expect(try await world.isSignedIn())
        // Looking needs none.
        #expect(try await world.keeper.get("/admin/users").status == 200)
    }

    @Test(arguments: actions)
    func operatorDoesNothingToThemselves(action: String) async throws {
        let world = try await World()
        let path = "/admin/users/\(world.keeperID)/\(action)"
        #expect(try await world.keeper.get(path).status == 409)
        _ = try await world.keeper.get("/admin/users")
        #expect(try await world.keeper.post(path).status == 409)
        #expect(
            try await world.keeper.get("/admin/users/\(world.keeperID)").text.contains("your own account"))
    }

    @Test func activityTellsOfEverybodyOrOfOne() async throws {
        let world = try await World()
        let all = try await world.keeper.get("/admin/activity").text
        #expect(all.contains("keeper@example.org signed in"))
        #expect(all.contains("ember@example.org signed in"))
        #expect(all.contains("href=\"\(world.path)\""))
        let one = try await world.keeper.get("/admin/activity?user=\(world.ember.id)").text
        #expect(one.contains("Activity of "))
        #expect(!one.contains("keeper@example.org signed in"))
        #expect(try await world.keeper.get("/admin/activity?user=nobody").status == 404)
        // Somebody who is gone has no name any more.
        _ = try await world.kit.authority.accounts.remove(
            world.ember.id, by: .commandLine, at: world.kit.clock.now)
        let after = try await world.keeper.get("/admin/activity").text
        #expect(after.contains("a user who was removed signed in"))
        #expect(!after.contains(world.path))
    }
}
