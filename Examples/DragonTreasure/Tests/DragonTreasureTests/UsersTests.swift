import DragonTreasure
import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraServer
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
            let answer = try await world.patch(
                path, token: token, #"{"username":"\#(name)","email":"Ember@Example.COM"}"#)
            #expect(answer.status == 200)
            #expect(answer["username"]?.string == name)
            #expect(answer["email"]?.string == "ember@example.com")
        }
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
        ("username", #""""#), ("email", #""nothing""#), ("email", #""ash@example.org""#),
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
