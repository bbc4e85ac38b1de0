import Tessera
import TesseraTestKit
import Testing

@testable import DragonTreasure

/// Credentials that end while a request is under way change nothing.
@Suite struct EndedCredentialsTests {
    /// A request of the keeper, and the ways in which their token ends before its body is complete.
    struct Attempt: Sendable, CustomTestStringConvertible {
        let method: TesseraHTTP.Method
        let target: @Sendable (World, String) -> String
        let body: String
        var type = "application/json"
        var testDescription: String { "\(method.text) \(body)" }
    }

    static let attempts = [
        Attempt(
            method: .post, target: { _, _ in "/api/treasures" },
            body: #"{"name":"A cup","description":"Too late."}"#),
        Attempt(
            method: .patch, target: { _, path in path }, body: #"{"value":21}"#,
            type: "application/merge-patch+json"),
        Attempt(
            method: .patch, target: { world, _ in "/api/users/\(world.ash.id)" },
            body: #"{"username":"late"}"#, type: "application/merge-patch+json"),
        Attempt(
            method: .post, target: { _, _ in "/api/users" },
            body: #"{"email":"late@example.com","username":"late","password":"behind the waterfall"}"#),
    ]

    @Test(arguments: attempts, ["revoke", "revoke all", "disable"])
    func bodyThatCompletesTooLateChangesNothing(_ attempt: Attempt, _ ending: String) async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        let token = try await world.kit.issue(
            to: world.keeper, scopes: ["treasure:create", "treasure:edit", "user:edit"])
        let before = try await state(of: world)
        let answer = try await world.send(
            attempt.method, attempt.target(world, path), token: token.secret.plainText, attempt.body,
            type: attempt.type
        ) {
            switch ending {
            case "revoke":
                _ = try await world.authority.tokens.revoke(token.token, by: .commandLine, at: World.now)
            case "revoke all":
                _ = try await world.authority.tokens.revokeAll(
                    of: world.keeper.id, by: .commandLine, at: World.now)
            default:
                _ = try await world.authority.accounts.setDisabled(
                    true, user: world.keeper.id, by: .commandLine, at: World.now)
            }
        }
        #expect(answer.isProblem(401))
        #expect(answer.challenge?.contains("The access token was revoked") == true)
        #expect(try await state(of: world) == before)
    }

    @Test func theStoreRepeatsTheCheckInItsTransaction() async throws {
        let world = try await World()
        let path = try await world.treasure(of: world.ember)
        let id = try #require(Treasure.ID(String(path.dropFirst("/api/treasures/".count))))
        let token = try await world.kit.issue(to: world.keeper)
        let authorization = Authorization.token(token.token.id, of: world.keeper)
        _ = try await world.authority.tokens.revoke(token.token, by: .commandLine, at: World.now)
        let treasure = Treasure(id: id, owner: world.ember.id, name: "Other", description: "Late.")
        let before = try await state(of: world)
        let changes: [@Sendable () async throws -> Void] = [
            { try await world.treasures.insert(treasure, by: authorization, at: World.now) },
            { try await world.treasures.remove(id, by: authorization, at: World.now) },
            {
                var reader = MemberReader(try JSONValue.parse(Array(#"{"name":"Other"}"#.utf8)))
                let members = TreasureMembers(from: &reader)
                _ = try await world.treasures.change(id, to: members, by: authorization, at: World.now)
            },
        ]
        for change in changes {
            let error = await #expect(throws: StoreError.self) { try await change() }
            #expect(error?.code == .authorizationEnded)
        }
        #expect(try await state(of: world) == before)
    }

    private func state(of world: World) async throws -> [String] {
        [
            try await world.send(.get, "/api/treasures").text,
            "\(try await world.authority.store.users(after: nil, limit: 99).map(\.username))",
        ]
    }
}
