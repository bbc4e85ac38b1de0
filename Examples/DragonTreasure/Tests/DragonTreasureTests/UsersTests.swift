import DragonTreasure
import Tessera
import TesseraTestKit
import Testing

@Suite struct UsersTests {
    static let newcomer =
        #"{"email":"smaug@example.com","username":"smaug","password":"under the lonely mountain"}"#

    @Test func signedInPeopleSeeUsersAndOnlyTheirOwnAddress() async throws {
        let world = try await World()
        let path = "/api/users/\(world.ember.id)"
        #expect(try await world.send(.get, path).isProblem(401))
        for (person, email) in [
            (world.ash, nil), (world.ember, "ember@example.org"), (world.keeper, "ember@example.org"),
        ] {
            let answer = try await world.send(.get, path, token: try await world.token(of: person))
            #expect(answer.status == 200)
            #expect(answer["username"]?.string == "ember")
            #expect(answer["email"]?.string == email)
            #expect(answer["treasures"]?.string == path + "/treasures")
        }
    }

    @Test func userThatIsNoneIsNotFound() async throws {
        let world = try await World()
        let token = try await world.token(of: world.ember)
        #expect(try await world.send(.get, "/api/users/nobody", token: token).isProblem(404))
    }

    @Test func usersAreListedTenAPage() async throws {
        let world = try await World()
        #expect(try await world.send(.get, "/api/users").isProblem(401))
        for number in 1...9 {
            _ = try await world.authority.accounts.add(
                email: "d\(number)@example.com", password: "a dragon of some sort", by: .commandLine,
                at: World.now)
        }
        let token = try await world.token(of: world.ember)
        func names(_ answer: TestAnswer) -> [String] {
            answer["items"]?.array?.compactMap { $0.object?["username"]?.string } ?? []
        }
        let first = try await world.send(.get, "/api/users", token: token)
        #expect(names(first) == ["keeper", "ember", "ash", "d1", "d2", "d3", "d4", "d5", "d6", "d7"])
        let link = try #require(first.fields[.link])
        #expect(link.hasSuffix(#">; rel="next""#))
        let target = String(link.dropFirst().prefix { $0 != ">" })
        let second = try await world.send(.get, target, token: token)
        #expect(names(second) == ["d8", "d9"])
        #expect(second.fields[.link] == nil)
        #expect(try await world.send(.get, "/api/users?after=x", token: token).isProblem(400))
        #expect(try await world.send(.get, "/api/users?limit=1000", token: token).isProblem(400))
    }

    @Test func anybodyRegistersAndSignsInOnce() async throws {
        let world = try await World()
        let answer = try await world.send(.post, "/api/users", Self.newcomer)
        #expect(answer.status == 201)
        let id = try #require(answer["id"]?.string)
        #expect(answer.fields[.location] == "/api/users/\(id)")
        let user = try await world.authority.accounts.authenticate(
            email: "smaug@example.com", password: "under the lonely mountain", at: World.now
        )?.user
        #expect(user?.id.description == id)
        #expect(user?.isOperator == false)
        let again = try await world.send(.post, "/api/users", Self.newcomer)
        #expect(again.isProblem(422))
        #expect(again.violations == ["email"])
    }

    @Test(arguments: [
        ("email", #""no address""#), ("email", "null"), ("username", #""""#), ("password", #""short""#),
        ("password", "7"), ("is_admin", "true"), ("is_operator", "true"),
    ])
    func registrationThatBreaksARuleIsNamed(_ name: String, _ value: String) async throws {
        let world = try await World()
        let members = [
            "email": #""new@example.com""#, "username": #""newcomer""#,
            "password": #""quite long enough for us""#,
        ].merging([name: value]) { $1 }
        let body = "{\(members.map { "\"\($0)\":\($1)" }.joined(separator: ","))}"
        let answer = try await world.send(.post, "/api/users", body)
        #expect(answer.isProblem(422))
        #expect(answer.violations == [name])
    }

    @Test func oneselfAndAdminsChangeNameAndAddress() async throws {
        let world = try await World()
        let path = "/api/users/\(world.ember.id)"
        for (person, name) in [(world.ember, "Ember the Red"), (world.keeper, "ember")] {
            let token = try await world.token(of: person, "user:edit")
            let renamed = try await world.patch(
                path, token: token, #"{"username":"\#(name)","email":"Ember@Example.ORG"}"#)
            #expect(renamed.status == 200)
            #expect(renamed["username"]?.string == name)
            let browser = try await world.browser(of: person)
            let moved = try await world.patch(
                path, in: browser, #"{"email":"\#(person.username)2@example.COM"}"#)
            #expect(moved["email"]?.string == "\(person.username)2@example.com")
            let back = try await world.patch(path, in: browser, #"{"email":"ember@example.org"}"#)
            #expect(back.status == 200)
        }
    }

    @Test func addressNeedsASessionWithAFreshPassword() async throws {
        let world = try await World()
        let path = "/api/users/\(world.ember.id)"
        for person in [world.ember, world.keeper] {
            let token = try await world.token(of: person, "user:edit")
            let answer = try await world.patch(path, token: token, #"{"email":"mine@example.com"}"#)
            #expect(answer.isProblem(403))
            #expect(answer["detail"]?.string?.contains("A token cannot change an e-mail address") == true)
            // Whether an address is taken is not said to a token.
            #expect(try await world.patch(path, token: token, #"{"email":"ash@example.org"}"#).isProblem(403))
            let browser = try await world.browser(of: person)
            world.kit.clock.advance(by: world.authority.configuration.freshPasswordAfter)
            let old = try await world.patch(path, in: browser, #"{"email":"mine@example.com"}"#)
            #expect(old.isProblem(403))
            #expect(old["detail"]?.string?.contains("/login/confirm") == true)
            #expect(try await world.patch(path, in: browser, #"{"username":"ember"}"#).status == 200)
        }
        #expect(try await world.authority.store.user(world.ember.id)?.email == world.ember.email)
    }

    @Test func changeOfAnAddressIsToldToItsOwnerAndKeepsTheOldOne() async throws {
        let world = try await World()
        let path = "/api/users/\(world.ember.id)"
        let browser = try await world.browser(of: world.ember)
        #expect(try await world.patch(path, in: browser, #"{"email":"new@example.com"}"#).status == 200)
        let activity = try await browser.get("/settings/activity").text
        #expect(
            activity.contains("You changed your e-mail address from ember@example.org to new@example.com"))

        let order =
            #"{"email":"ember@example.org","username":"ember","password":"under the lonely mountain"}"#
        let stranger = try await world.send(.post, "/api/users", order)
        let taken = try await world.send(
            .post, "/api/users", order.replacing("ember@example.org", with: "ash@example.org"))
        #expect(stranger.isProblem(422))
        #expect(stranger["violations"] == taken["violations"])
        let ash = try await world.browser(of: world.ash)
        let want = #"{"email":"Ember@example.org"}"#
        #expect(try await world.patch("/api/users/\(world.ash.id)", in: ash, want).violations == ["email"])
        #expect(try await world.patch(path, in: browser, want).status == 200)
    }

    @Test func addressThatWasGivenUpIsFreeAfterThirtyDays() async throws {
        let world = try await World()
        let browser = try await world.browser(of: world.ember)
        let path = "/api/users/\(world.ember.id)"
        #expect(try await world.patch(path, in: browser, #"{"email":"new@example.com"}"#).status == 200)
        let order =
            #"{"email":"ember@example.org","username":"ember","password":"under the lonely mountain"}"#
        world.kit.clock.advance(by: .seconds(30 * 86_400) - .milliseconds(1))
        #expect(try await world.send(.post, "/api/users", order).violations == ["email"])
        world.kit.clock.advance(by: .milliseconds(1))
        #expect(try await world.send(.post, "/api/users", order).status == 201)
    }

    @Test func nobodyChangesAnother() async throws {
        let world = try await World()
        let token = try await world.token(of: world.ember, "user:edit")
        let path = "/api/users/\(world.keeper.id)"
        #expect(try await world.patch(path, token: token, #"{"username":"thief"}"#).isProblem(403))
        #expect(try await world.patch("/api/users/nobody", token: token, "{}").isProblem(404))
        #expect(try await world.patch(path, token: nil, "{}").isProblem(401))
    }

    @Test func scopeAndMediaTypeAreNeeded() async throws {
        let world = try await World()
        let path = "/api/users/\(world.ember.id)"
        let other = try await world.token(of: world.ember, "treasure:edit")
        #expect(try await world.patch(path, token: other, "{}").isProblem(403))
        let token = try await world.token(of: world.ember, "user:edit")
        #expect(try await world.send(.patch, path, token: token, "{}").isProblem(415))
        #expect(try await world.patch(path, token: token, "{").isProblem(400))
    }

    @Test(arguments: [
        ("username", #""""#), ("email", #""nothing""#),
        ("password", #""x""#),
        ("is_operator", "true"), ("id", #""x""#),
    ])
    func changeThatBreaksARuleIsNamed(_ name: String, _ value: String) async throws {
        let world = try await World()
        let token = try await world.token(of: world.ember, "user:edit")
        let answer = try await world.patch(
            "/api/users/\(world.ember.id)", token: token, "{\"\(name)\":\(value)}")
        #expect(answer.isProblem(422))
        #expect(answer.violations == [name])
    }
}
