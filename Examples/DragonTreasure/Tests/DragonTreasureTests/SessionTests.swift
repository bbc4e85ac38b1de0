import DragonTreasure
import Tessera
import TesseraTestKit
import Testing

/// A person in a browser may do all they may, from pages of this site alone.
@Suite struct SessionTests {
    static let cup = #"{"name":"A cup","description":"By session."}"#

    @Test func sessionNeedsNoScopeButTheProofOfItsPage() async throws {
        let world = try await World()
        let session: Fields = [.cookie: "tessera-session=\(try await world.kit.session(of: world.ember))"]
        let page = try await world.send(.get, "/settings/tokens", fields: session)
        let proof = try #require(page.text.firstMatch(of: /name="csrf-token" content="([^"]+)"/)?.1)

        #expect(try await world.send(.post, "/api/treasures", Self.cup, fields: session).isProblem(403))
        var proven = session
        proven.append("X-CSRF-Token", String(proof))
        let made = try await world.send(.post, "/api/treasures", Self.cup, fields: proven)
        #expect(made.status == 201)
        #expect(made["owner"]?.string == "/api/users/\(world.ember.id)")
        #expect(made["is_mine"]?.bool == true)
        proven.append(.origin, "https://elsewhere.example")
        #expect(try await world.send(.post, "/api/treasures", Self.cup, fields: proven).isProblem(403))
    }

    @Test func sessionSeesWhatItsUserMaySee() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember, isPublished: false)
        for (person, status) in [(world.ember, 200), (world.ash, 404), (world.keeper, 200)] {
            let cookie = try await world.kit.session(of: person)
            let answer = try await world.send(.get, path, fields: [.cookie: "tessera-session=\(cookie)"])
            #expect(answer.status == status)
        }
    }
}
