import TesseraCore
import TesseraCrypto
import TesseraOpenAPI
import TesseraServer
import TesseraStores
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct FixturesTests {
    private static let now = NumericDate(seconds: 1_800_000_000)

    /// An authority over an empty database, with passwords that are hashed fast.
    private func authority() async throws -> Authority {
        var configuration = AuthorityConfiguration(issuer: "http://localhost")
        configuration.passwordParameters = try #require(Argon2Parameters(memory: 8, passes: 1))
        configuration.scopes = [
            ScopeDefinition(try #require(ScopeToken("treasure:create")), "Create treasures")
        ]
        let store = try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        return try await Authority(configuration, store: store, clock: WallClock { Self.now })
    }

    private struct Shape: Equatable {
        let owner: String
        let name: String
        let scope: Scope
        let state: AccessToken.State
    }

    private func tokens(of authority: Authority) async throws -> [Shape] {
        var shapes: [Shape] = []
        for token in try await authority.store.tokens(of: nil, before: nil, limit: 100) {
            let ownerID = try #require(token.owner)
            let owner = try #require(try await authority.store.user(ownerID))
            shapes.append(
                Shape(
                    owner: owner.email.text, name: token.name.text, scope: token.scope,
                    state: token.state(at: Self.now)))
        }
        return shapes
    }

    @Test func sameSeedGivesTheSamePeopleAndTokens() async throws {
        let (first, second, other) = (try await authority(), try await authority(), try await authority())
        let people = try await first.loadFixtures(seed: 7).accounts.map(\.user.email)
        #expect(try await second.loadFixtures(seed: 7).accounts.map(\.user.email) == people)
        #expect(try await tokens(of: first) == tokens(of: second))
        _ = try await other.loadFixtures(seed: 8)
        #expect(try await tokens(of: other) != tokens(of: first))
    }

    @Test func thereAreTwelvePeopleAndThirtyTokensInEveryState() async throws {
        let authority = try await authority()
        let fixtures = try await authority.loadFixtures()
        #expect(fixtures.isNew)
        #expect(fixtures.accounts.count == 12)
        #expect(fixtures.accounts.filter(\.user.isOperator).map(\.user.email.text) == ["keeper@example.com"])
        let stored = try await tokens(of: authority)
        // The fresh one is on top.
        #expect(stored.count == 31)
        #expect(Set(stored.map(\.state)) == [.active, .expired, .revoked])
        #expect(Set(stored.map(\.owner)).count == 12)
    }

    @Test func everybodyCanSignIn() async throws {
        let authority = try await authority()
        for account in try await authority.loadFixtures().accounts {
            let proof = try await authority.accounts.authenticate(
                email: account.user.email.text, password: account.password, at: Self.now)
            #expect(proof?.user.id == account.user.id)
        }
    }

    @Test func freshTokenIsAcceptedForAllItsOwnerMayDo() async throws {
        let authority = try await authority()
        let fixtures = try await authority.loadFixtures()
        let check = try await authority.checker.check(
            fixtures.token.secret.plainText, for: authority.catalogue.rights(of: fixtures.accounts[1].user),
            at: Self.now)
        guard case .accepted(let verified) = check else {
            Issue.record("the fresh token is not accepted")
            return
        }
        #expect(verified.owner?.email.text == "ember@example.com")
    }

    @Test func secondLoadMakesNothingButAFreshToken() async throws {
        let authority = try await authority()
        let first = try await authority.loadFixtures()
        let second = try await authority.loadFixtures(seed: 99)
        #expect(!second.isNew)
        #expect(second.accounts.map(\.user) == first.accounts.map(\.user))
        #expect(second.token.token.id != first.token.token.id)
        #expect(try await tokens(of: authority).count == 32)
    }

    @Test func databaseInUseIsLeftAlone() async throws {
        let authority = try await authority()
        _ = try await authority.accounts.add(
            email: "ada@example.com", password: "a long enough password", by: .commandLine, at: Self.now)
        await #expect(throws: FixturesError.self) { try await authority.loadFixtures() }
        #expect(try await authority.store.users(after: nil, limit: 10).count == 1)
    }
}
