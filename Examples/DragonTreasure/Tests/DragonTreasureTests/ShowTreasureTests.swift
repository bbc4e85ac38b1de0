import DragonTreasure
import Tessera
import TesseraTestKit
import Testing

@Suite struct ShowTreasureTests {
    @Test func publishedTreasureIsSeenByEverybodyAndMarkedForItsOwner() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        let anonymous = try await world.send(.get, path)
        #expect(anonymous.status == 200)
        #expect(anonymous["is_mine"] == nil)
        let other = try await world.send(.get, path, token: try await world.token(of: world.ash))
        #expect(other["is_mine"] == nil)
        let owner = try await world.send(.get, path, token: try await world.token(of: world.ember))
        #expect(owner["is_mine"]?.bool == true)
    }

    @Test func unpublishedTreasureIsSeenByItsOwnerAndAdminsAlone() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember, isPublished: false)
        #expect(try await world.send(.get, path).isProblem(404))
        let statuses = [(world.ash, 404), (world.ember, 200), (world.keeper, 200)]
        for (person, status) in statuses {
            let token = try await world.token(of: person)
            #expect(try await world.send(.get, path, token: token).status == status)
        }
    }

    @Test(arguments: ["0", "nothing", "00000000-0000-0000-0000-000000000000", "'", "🐉"])
    func treasureThatIsNoneIsNotFound(_ id: String) async throws {
        let world = try await World()
        #expect(try await world.send(.get, "/api/treasures/\(id)").isProblem(404))
    }

    @Test func badTokenIsRefusedEvenHere() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        let answer = try await world.send(.get, path, token: "tcp_short")
        #expect(answer.isProblem(401))
        #expect(answer.fields[.wwwAuthenticate]?.contains(#"error="invalid_token""#) == true)
    }

    @Test func methodThatIsNotThereIsRefusedWithThoseThatAre() async throws {
        let world = try await World()
        let answer = try await world.send(.put, "/api/treasures/x", "{}")
        #expect(answer.isProblem(405))
        #expect(answer.fields[.allow] == "DELETE, GET, HEAD, OPTIONS, PATCH")
    }
}
