import DragonTreasure
import Tessera
import TesseraTestKit
import Testing

@Suite struct ListTreasuresTests {
    @Test func emptyListHasNoPages() async throws {
        let answer = try await World().send(.get, "/api/treasures")
        #expect(answer.status == 200)
        #expect(answer["total"]?.number?.int64 == 0)
        #expect(answer["pages"]?.number?.int64 == 0)
        #expect(answer.names == [])
        #expect(
            answer.fields[.link]
                == #"</api/treasures?page=1>; rel="first", </api/treasures?page=1>; rel="last""#)
    }

    @Test func pagesHoldTenInTheOrderTheyWereMade() async throws {
        let world = try await World()
        for number in 10..<33 { _ = try await world.treasure(of: world.ember, "Coin \(number)") }
        var seen: [String] = []
        for page in 1...3 {
            let answer = try await world.send(.get, "/api/treasures?page=\(page)")
            #expect(answer["total"]?.number?.int64 == 23)
            #expect(answer["page"]?.number?.int64 == Int64(page))
            #expect(answer["pages"]?.number?.int64 == 3)
            seen += answer.names
        }
        #expect(seen == (10..<33).map { "Coin \($0)" })
    }

    @Test func linksLeadThroughThePagesAndKeepTheFilter() async throws {
        let world = try await World()
        for number in 10..<31 { _ = try await world.treasure(of: world.ember, "Coin \(number)") }
        func relations(_ target: String) async throws -> [String] {
            let link = try await world.send(.get, target).fields[.link] ?? ""
            return link.split(separator: ", ").map(String.init)
        }
        let base = "/api/treasures?name=Coin+&value%5Bgte%5D=0&page="
        #expect(
            try await relations("/api/treasures?name=Coin+&page=2&value[gte]=0") == [
                "<\(base)1>; rel=\"first\"", "<\(base)1>; rel=\"prev\"", "<\(base)3>; rel=\"next\"",
                "<\(base)3>; rel=\"last\"",
            ])
        #expect(
            try await relations("/api/treasures").map { $0.suffix(7) } == [
                "\"first\"", "=\"next\"", "=\"last\"",
            ])
        #expect(
            try await relations("/api/treasures?page=3").map { $0.suffix(7) } == [
                "\"first\"", "=\"prev\"", "=\"last\"",
            ])
    }

    @Test func pagePastTheEndIsEmpty() async throws {
        let world = try await World()
        _ = try await world.treasure(of: world.ember)
        let answer = try await world.send(.get, "/api/treasures?page=9")
        #expect(answer.status == 200)
        #expect(answer.names == [])
        #expect(answer.fields[.link]?.contains(#"</api/treasures?page=1>; rel="prev""#) == true)
    }

    @Test(arguments: [
        "page=0", "page=-1", "page=two", "page=1.5", "page=%2B1", "value[gt]=%2B1", "page=",
        "page=1000000001", "page=99999999999999999999",
        "page=1&page=2", "name=a&name=b", "value[gt]=many", "value[gt]=", "value[ge]=1", "value=1",
        "is_published=perhaps", "is_published=1", "owner=nobody", "owner=/api/users/nobody", "colour=red",
        "Name=x", "name=%ff", "name=%", "name=%00",
    ])
    func queryThatMakesNoSenseIsRefused(_ query: String) async throws {
        #expect(try await World().send(.get, "/api/treasures?\(query)").isProblem(400))
    }

    @Test func filtersKeepWhatMatches() async throws {
        let world = try await World()
        _ = try await world.treasure(of: world.ember, "Silver cup", description: "For wine.", value: 10)
        _ = try await world.treasure(of: world.ember, "Gold cup", description: "For tea.", value: 20)
        _ = try await world.treasure(of: world.ash, "Gold ring", description: "Round.", value: 30)
        let ember = "/api/users/\(world.ember.id)"
        let expected = [
            "name=cup": ["Silver cup", "Gold cup"], "name=GOLD": ["Gold cup", "Gold ring"],
            "name=": ["Silver cup", "Gold cup", "Gold ring"], "name=gold&description=round": ["Gold ring"],
            "description=for": ["Silver cup", "Gold cup"], "value[gt]=20": ["Gold ring"],
            "value[gte]=20": ["Gold cup", "Gold ring"], "value[lt]=20": ["Silver cup"],
            "value[lte]=20": ["Silver cup", "Gold cup"], "value[gt]=10&value[lt]=30": ["Gold cup"],
            "owner=\(ember)": ["Silver cup", "Gold cup"], "is_published=true&name=ring": ["Gold ring"],
            "is_published=false": [], "value[gt]=-9223372036854775808&name=ring": ["Gold ring"],
        ]
        for (query, names) in expected {
            #expect(try await world.send(.get, "/api/treasures?\(query)").names == names, "\(query)")
        }
    }

    @Test(arguments: ["%25", "_", "%5C", "'+OR+1=1+--", "%22", "%F0%9F%90%89"])
    func filterIsTextAndNoPattern(_ text: String) async throws {
        let world = try await World()
        _ = try await world.treasure(of: world.ember, "Plain cup")
        let answer = try await world.send(.get, "/api/treasures?name=\(text)")
        #expect(answer.status == 200)
        #expect(answer.names == [])
    }

    @Test func unpublishedOnesAreListedForTheirOwnerAndAdminsAlone() async throws {
        let world = try await World()
        _ = try await world.treasure(of: world.ember, "Open cup")
        _ = try await world.treasure(of: world.ember, "Hidden cup", isPublished: false)
        #expect(try await world.send(.get, "/api/treasures").names == ["Open cup"])
        let expected = [
            (world.ash, ["Open cup"], []), (world.ember, ["Open cup", "Hidden cup"], ["Hidden cup"]),
            (world.keeper, ["Open cup", "Hidden cup"], ["Hidden cup"]),
        ]
        for (person, all, hidden) in expected {
            let token = try await world.token(of: person)
            for path in ["/api/treasures", "/api/users/\(world.ember.id)/treasures"] {
                let list = try await world.send(.get, path, token: token)
                #expect(list.names == all)
                #expect(list["total"]?.number?.int64 == Int64(all.count))
                #expect(
                    try await world.send(.get, path + "?is_published=false", token: token).names == hidden)
            }
        }
    }

    @Test func treasuresOfOneUserAreListed() async throws {
        let world = try await World()
        _ = try await world.treasure(of: world.ember, "Silver cup")
        _ = try await world.treasure(of: world.ash, "Gold cup")
        let path = "/api/users/\(world.ash.id)/treasures"
        let answer = try await world.send(.get, path)
        #expect(answer.names == ["Gold cup"])
        #expect(answer.fields[.link]?.hasPrefix("<\(path)?page=1>") == true)
        #expect(try await world.send(.get, path + "?owner=/api/users/\(world.ember.id)").isProblem(400))
        #expect(try await world.send(.get, "/api/users/nobody/treasures").isProblem(404))
    }
}
