import TesseraCore
import TesseraServer
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct OperationRoutesTests {
    /// The browser of an operator, and that of somebody who is none.
    private func world() async throws -> (world: TestAuthority, operator: TestClient, other: TestClient) {
        let world = try await TestAuthority()
        let keeper = try await world.person("keeper", isOperator: true)
        let ember = try await world.person("ember")
        return (world, try await world.browser(of: keeper), try await world.browser(of: ember))
    }

    @Test(arguments: ["/admin/refusals", "/admin/status"])
    func pageIsForOperatorsAlone(_ path: String) async throws {
        let (world, keeper, ember) = try await world()
        #expect(try await keeper.get(path).status == 200)
        #expect(try await ember.get(path).status == 404)
        #expect(try await world.client().get(path).location?.hasPrefix("/login?next=") == true)
    }

    @Test func refusalsOfEverybodyAreListedAndFiltered() async throws {
        let (world, keeper, _) = try await world()
        let address = try #require(EmailAddress("ember@example.org"))
        let ember = try #require(try await world.authority.store.user(email: address))
        let expired = Refusal.make(cause: .expired, owner: ember.id)
        let unknown = Refusal.make(cause: .unknown)
        try await world.authority.store.record([expired, unknown])
        let all = try await keeper.get("/admin/refusals").text
        #expect(all.contains("/refusals/\(expired.id)"))
        #expect(all.contains("/refusals/\(unknown.id)"))
        #expect(all.contains("ember@example.org"))
        let some = try await keeper.get("/admin/refusals?cause=unknown").text
        #expect(!some.contains("/refusals/\(expired.id)"))
        #expect(some.contains("/refusals/\(unknown.id)"))
        let none = try await keeper.get("/admin/refusals?cause=mistyped").text
        #expect(none.contains("Nothing was refused for this cause."))
        #expect(try await keeper.get("/admin/refusals?cause=nonsense").status == 200)
    }

    @Test func refusalsGoOnOverPages() async throws {
        let (world, keeper, _) = try await world()
        let many = (0..<31).map { _ in Refusal.make(cause: .mistyped) }
        try await world.authority.store.record(many + [.make(cause: .expired)])
        let first = try await keeper.get("/admin/refusals?cause=mistyped").text
        #expect(!first.contains("\(many[0].id)"))
        let next = try #require(first.firstMatch(of: /rel="next" href="([^"]+)"/)?.1)
        let second = try await keeper.get("/admin/refusals" + next.replacing("&amp;", with: "&")).text
        #expect(second.contains("/refusals/\(many[0].id)"))
        #expect(!second.contains("/refusals/\(many[1].id)"))
    }

    @Test func statusSaysWhatIsThereAndHowTheJobsWent() async throws {
        let (world, keeper, _) = try await world()
        let store = world.authority.store
        #expect(try await keeper.get("/admin/status").text.contains("None has run yet."))
        try await store.noteRuns([
            JobRun(.pruneTokens, at: world.clock.now, duration: .microseconds(1_500), rows: 1_234),
            JobRun(
                .writeUses, at: world.clock.now, duration: .zero, rows: 0, waiting: 7, failures: 2,
                complaint: "The disk is <full>."),
        ])
        let page = try await keeper.get("/admin/status").text
        #expect(page.contains("2 live, 0 dead"))
        #expect(page.contains("2 ms, 1,234 rows"))
        #expect(page.contains("7 waiting"))
        #expect(page.contains("The disk is &lt;full&gt;."))
    }
}
