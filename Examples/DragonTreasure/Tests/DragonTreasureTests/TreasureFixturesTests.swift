import DragonTreasure
import Tessera
import TesseraTestKit
import Testing

@Suite struct TreasureFixturesTests {
    @Test func twoThirdsOfFortyArePublishedAndAllAreSpread() async throws {
        let world = try await World()
        let people = [world.keeper, world.ember, world.ash]
        try await world.treasures.loadFixtures(owners: people, seed: 1)
        #expect(try await world.send(.get, "/api/treasures")["total"]?.number?.int64 == 27)
        let token = try await world.token(of: world.keeper)
        #expect(try await world.send(.get, "/api/treasures", token: token)["total"]?.number?.int64 == 40)
        for person in people {
            let path = "/api/users/\(person.id)/treasures"
            let total = try await world.send(.get, path, token: token)["total"]?.number?.int64
            #expect(try #require(total) >= 13)
        }
    }

    @Test func loadingAgainChangesNothing() async throws {
        let world = try await World()
        try await world.treasures.loadFixtures(owners: [world.ember], seed: 1)
        let token = try await world.token(of: world.ember, "treasure:edit")
        let before = try await world.send(.get, "/api/treasures?page=2")
        let id = try #require(before["items"]?.array?.first?.object?["id"]?.string)
        _ = try await world.patch("/api/treasures/\(id)", token: token, #"{"name":"Renamed"}"#)
        try await world.treasures.loadFixtures(owners: [world.ember], seed: 1)
        let after = try await world.send(.get, "/api/treasures?page=2")
        #expect(after["total"]?.number?.int64 == 27)
        #expect(after.names == ["Renamed"] + before.names.dropFirst())
    }

    @Test func sameSeedMakesTheSameTreasures() async throws {
        var lists: [[String]] = []
        for seed in [7, 7, 8] as [UInt64] {
            let world = try await World()
            try await world.treasures.loadFixtures(owners: [world.ember], seed: seed)
            lists.append(
                try await world.send(.get, "/api/treasures")["items"]?.array?.compactMap {
                    $0.object?["id"]?.string
                } ?? [])
        }
        #expect(lists[0].count == 10)
        #expect(lists[0] == lists[1])
        #expect(Set(lists[0]).isDisjoint(with: lists[2]))
    }
}
