import DragonTreasure
import Tessera
import TesseraTestKit
import Testing

@Suite struct CreateTreasureTests {
    static let ring = #"{"name":"A ring","description":"Cursed, a little."}"#

    @Test func tokenWithTheScopeCreatesATreasureWithDefaults() async throws {
        let world = try await World()
        let token = try await world.token(of: world.ember, "treasure:create")
        let answer = try await world.send(.post, "/api/treasures", token: token, Self.ring)
        #expect(answer.status == 201)
        let id = try #require(answer["id"]?.string)
        #expect(answer.fields[.location] == "/api/treasures/\(id)")
        #expect(answer["value"]?.number?.int64 == 0)
        #expect(answer["cool_factor"]?.number?.int64 == 0)
        #expect(answer["is_published"]?.bool == false)
        #expect(answer["plundered_at"]?.isNull == true)
        #expect(answer["owner"]?.string == "/api/users/\(world.ember.id)")
        #expect(answer["is_mine"]?.bool == true)
    }

    @Test func whatWasSentIsKept() async throws {
        let world = try await World()
        let token = try await world.token(of: world.ember, "treasure:create")
        let body = """
            {"name":"\(String(repeating: "é", count: 50))","description":"Two\\nlines","value":9007199254740991,
            "cool_factor":10,"is_published":true,"plundered_at":"2024-02-29T12:00:00Z",
            "owner":"/api/users/\(world.ember.id)"}
            """
        let made = try await world.send(.post, "/api/treasures", token: token, body)
        #expect(made.status == 201)
        let read = try await world.send(.get, try #require(made.fields[.location]))
        let sent = try #require(try JSONValue.parse(Array(body.utf8)).object)
        for member in sent.members { #expect(read[member.name] == member.value) }
    }

    @Test func wholeNumberIsAnIntegerHoweverItIsWritten() async throws {
        let world = try await World()
        let token = try await world.token(of: world.ember, "treasure:create")
        let body = #"{"name":"A ring","description":"Round.","value":1.5e3,"cool_factor":6.0}"#
        let made = try await world.send(.post, "/api/treasures", token: token, body)
        #expect(made.status == 201)
        #expect(made["value"]?.number?.text == "1500" && made["cool_factor"]?.number?.text == "6")
    }

    @Test func lengthOfANameIsCountedAsTheDescriptionSays() async throws {
        let world = try await World()
        let token = try await world.token(of: world.ember, "treasure:create")
        // A letter and its accent: two code points, which is what JSON Schema counts.
        let body = #"{"name":"e\u0301","description":"Round."}"#
        #expect(try await world.send(.post, "/api/treasures", token: token, body).status == 201)
    }

    @Test func anonymousIsUnauthorized() async throws {
        let world = try await World()
        let answer = try await world.send(.post, "/api/treasures", Self.ring)
        #expect(answer.isProblem(401))
        #expect(answer.fields[.wwwAuthenticate] == #"Bearer realm="Tessera""#)
    }

    @Test func missingScopeIsForbiddenBeforeTheBodyIsLookedAt() async throws {
        let world = try await World()
        let token = try await world.token(of: world.ember, "treasure:edit")
        let answer = try await world.send(
            .post, "/api/treasures", token: token, "no JSON", type: "text/plain")
        #expect(answer.isProblem(403))
        let challenge = try #require(answer.fields[.wwwAuthenticate])
        #expect(challenge.contains(#"error="insufficient_scope""#))
        #expect(challenge.contains(#"scope="treasure:create""#))
    }

    @Test(arguments: [#"{"name""#, #"{"name":"ab",}"#, #"{"name":"ab","name":"cd"}"#, ""])
    func invalidJSONIsABadRequest(_ body: String) async throws {
        let world = try await World()
        let token = try await world.token(of: world.ember, "treasure:create")
        #expect(try await world.send(.post, "/api/treasures", token: token, body).isProblem(400))
    }

    @Test func anotherMediaTypeIsRefused() async throws {
        let world = try await World()
        let token = try await world.token(of: world.ember, "treasure:create")
        let answer = try await world.send(
            .post, "/api/treasures", token: token, Self.ring, type: "text/plain")
        #expect(answer.isProblem(415))
    }

    @Test func bodyThatIsTooLargeIsRefused() async throws {
        let world = try await World()
        let token = try await world.token(of: world.ember, "treasure:create")
        let body = #"{"name":"Big","description":"\#(String(repeating: "x", count: 70_000))"}"#
        #expect(try await world.send(.post, "/api/treasures", token: token, body).isProblem(413))
    }

    @Test(arguments: [
        ("name", #""x""#), ("name", "\"\(String(repeating: "x", count: 51))\""), ("name", #""   ""#),
        ("name", #""a\u0000b""#), ("name", "null"), ("name", "7"),
        ("description", #""""#), ("description", #"" \n\t ""#), ("description", #""a\u0000""#),
        ("value", "-1"), ("value", "1.5"), ("value", "1e-1"), ("value", #""7""#),
        ("value", "9007199254740992"),
        ("value", "1000000000000000000000"), ("value", "null"),
        ("cool_factor", "11"), ("cool_factor", "-1"),
        // Issue 14, item 1: the first of these ended the process.
        ("value", "1e-9223372036854775808"), ("value", "1e9223372036854775807"), ("value", "1e400"),
        ("cool_factor", "1e-99999999999999999999"),
        ("is_published", "1"), ("is_published", #""yes""#),
        ("plundered_at", #""yesterday""#), ("plundered_at", #""2023-02-29T12:00:00Z""#),
        ("owner", "7"), ("owner", #""/api/users/nobody""#), ("owner", #""nobody""#),
        ("id", #""mine""#), ("is_mine", "true"), ("surplus", "1"),
    ])
    func memberThatBreaksARuleIsNamed(_ name: String, _ value: String) async throws {
        let world = try await World()
        let token = try await world.token(of: world.ember, "treasure:create")
        let members = ["name": #""A ring""#, "description": #""Round.""#].merging([name: value]) { $1 }
        let body = "{\(members.map { "\"\($0)\":\($1)" }.joined(separator: ","))}"
        let answer = try await world.send(.post, "/api/treasures", token: token, body)
        #expect(answer.isProblem(422))
        #expect(answer.violations == [name])
    }

    @Test func everyViolationIsNamedAtOnce() async throws {
        let world = try await World()
        let token = try await world.token(of: world.ember, "treasure:create")
        let answer = try await world.send(.post, "/api/treasures", token: token, #"{"name":"x","value":-1}"#)
        #expect(Set(answer.violations) == ["name", "description", "value"])
    }

    @Test func somebodyElseCannotBeNamedAsTheOwnerNotEvenByAnAdmin() async throws {
        let world = try await World()
        let body = #"{"name":"A ring","description":"Round.","owner":"/api/users/\#(world.ash.id)"}"#
        for person in [world.ember, world.keeper] {
            let token = try await world.token(of: person, "treasure:create")
            let answer = try await world.send(.post, "/api/treasures", token: token, body)
            #expect(answer.isProblem(422))
            #expect(answer.violations == ["owner"])
        }
    }

    @Test func revokedTokenCreatesNothing() async throws {
        let world = try await World()
        let order = TokenDesk.Order(name: "test", scopes: ["treasure:create"], expiresAt: nil)
        let issued = try await world.authority.tokens.issue(
            order, to: world.ember, by: .commandLine, at: World.now)
        let token = issued.secret.plainText
        #expect(try await world.send(.post, "/api/treasures", token: token, Self.ring).status == 201)
        _ = try await world.authority.tokens.revoke(issued.token, by: .commandLine, at: World.now)
        let answer = try await world.send(.post, "/api/treasures", token: token, Self.ring)
        #expect(answer.isProblem(401))
        #expect(answer.fields[.wwwAuthenticate]?.contains("The access token was revoked") == true)
    }
}
