import DragonTreasure
import Tessera
import TesseraTestKit
import Testing

@Suite struct DeleteTreasureTests {
    @Test func adminDeletesOnce() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        let token = try await world.token(of: world.keeper, "treasure:edit")
        #expect(try await world.send(.delete, path, token: token).status == 204)
        #expect(try await world.send(.get, path).isProblem(404))
        #expect(try await world.send(.delete, path, token: token).isProblem(404))
    }

    @Test func nobodyElseDeletesNotEvenTheOwner() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        for person in [world.ember, world.ash] {
            let token = try await world.token(of: person, "treasure:edit")
            #expect(try await world.send(.delete, path, token: token).isProblem(403))
            #expect(try await world.send(.delete, "/api/treasures/nothing", token: token).isProblem(403))
        }
        #expect(try await world.send(.get, path).status == 200)
    }

    @Test func credentialsAndScopeAreNeeded() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        #expect(try await world.send(.delete, path).isProblem(401))
        let token = try await world.token(of: world.keeper, "treasure:create")
        let answer = try await world.send(.delete, path, token: token)
        #expect(answer.isProblem(403))
        #expect(answer.fields[.wwwAuthenticate]?.contains("insufficient_scope") == true)
    }

    @Test func removedAccountTakesItsTreasuresAlong() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        #expect(try await world.authority.accounts.remove(world.ember.id, by: .commandLine, at: World.now))
        #expect(try await world.send(.get, path).isProblem(404))
    }
}
