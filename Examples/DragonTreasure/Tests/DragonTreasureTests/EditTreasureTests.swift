import DragonTreasure
import Tessera
import TesseraTestKit
import Testing

@Suite struct EditTreasureTests {
    @Test func ownerAndAdminChangeWhatTheyName() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember, "A cup", value: 5)
        for (person, value) in [(world.ember, 6), (world.keeper, 7)] {
            let token = try await world.token(of: person, "treasure:edit")
            let answer = try await world.patch(path, token: token, #"{"value":\#(value)}"#)
            #expect(answer.status == 200)
            #expect(answer["value"]?.number?.int64 == Int64(value))
            #expect(answer["name"]?.string == "A cup")
            #expect((answer["is_mine"]?.bool ?? false) == (person.id == world.ember.id))
        }
        #expect(try await world.send(.get, path)["value"]?.number?.int64 == 7)
    }

    @Test func changesOfDifferentMembersAtOnceAllCount() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        let token = try await world.token(of: world.ember, "treasure:edit")
        try await withThrowingTaskGroup(of: Int.self) { group in
            for change in [#"{"value":3}"#, #"{"cool_factor":4}"#, #"{"name":"A cup"}"#] {
                group.addTask { try await world.patch(path, token: token, change).status }
            }
            for try await status in group { #expect(status == 200) }
        }
        let treasure = try await world.send(.get, path)
        #expect(treasure["value"]?.number?.int64 == 3)
        #expect(treasure["cool_factor"]?.number?.int64 == 4)
        #expect(treasure["name"]?.string == "A cup")
    }

    @Test func anonymousIsUnauthorized() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        #expect(try await world.patch(path, token: nil, "{}").isProblem(401))
    }

    @Test func scopeIsNeeded() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        let token = try await world.token(of: world.ember, "treasure:create", "user:edit")
        let answer = try await world.patch(path, token: token, "{}")
        #expect(answer.isProblem(403))
        #expect(answer.fields[.wwwAuthenticate]?.contains(#"scope="treasure:edit""#) == true)
    }

    @Test func somebodyElsesIsForbiddenIfPublishedAndElseNotFound() async throws {
        let world = try await World()
        let token = try await world.token(of: world.ash, "treasure:edit")
        let published = try await world.treasure(of: world.ember)
        let answer = try await world.patch(published, token: token, #"{"value":1}"#)
        #expect(answer.isProblem(403))
        #expect(answer.fields[.wwwAuthenticate] == nil)
        let hidden = try await world.treasure(of: world.ember, isPublished: false)
        #expect(try await world.patch(hidden, token: token, #"{"value":1}"#).isProblem(404))
    }

    @Test func anotherMediaTypeIsRefused() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        let token = try await world.token(of: world.ember, "treasure:edit")
        #expect(try await world.send(.patch, path, token: token, "{}").isProblem(415))
    }

    @Test(arguments: [#"{"value":"#, "", "{'value':1}"])
    func invalidJSONIsABadRequest(_ body: String) async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        let token = try await world.token(of: world.ember, "treasure:edit")
        #expect(try await world.patch(path, token: token, body).isProblem(400))
    }

    @Test func ownerCannotBeChanged() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        for person in [world.ember, world.keeper] {
            let token = try await world.token(of: person, "treasure:edit")
            let away = try await world.patch(path, token: token, #"{"owner":"/api/users/\#(world.ash.id)"}"#)
            #expect(away.isProblem(422))
            #expect(away.violations == ["owner"])
            let same = try await world.patch(
                path, token: token, #"{"owner":"/api/users/\#(world.ember.id)"}"#)
            #expect(same.status == 200)
        }
    }

    @Test func nothingChangesWhenAnythingIsWrong() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember, value: 5)
        let token = try await world.token(of: world.ember, "treasure:edit")
        for (body, violations) in [
            (#"{"value":9,"name":"x"}"#, ["name"]), (#"{"value":9,"surplus":1}"#, ["surplus"]),
            (#"{"value":9,"name":null}"#, ["name"]), ("[]", [""]),
        ] {
            let answer = try await world.patch(path, token: token, body)
            #expect(answer.isProblem(422))
            #expect(answer.violations == violations)
        }
        #expect(try await world.send(.get, path)["value"]?.number?.int64 == 5)
    }

    @Test func nullTakesTheInstantAway() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        let token = try await world.token(of: world.ember, "treasure:edit")
        let set = try await world.patch(path, token: token, #"{"plundered_at":"2024-02-29T12:00:00Z"}"#)
        #expect(set["plundered_at"]?.string == "2024-02-29T12:00:00Z")
        let kept = try await world.patch(path, token: token, #"{"value":1}"#)
        #expect(kept["plundered_at"]?.string == "2024-02-29T12:00:00Z")
        let gone = try await world.patch(path, token: token, #"{"plundered_at":null}"#)
        #expect(gone["plundered_at"]?.isNull == true)
    }
}
