import TesseraCore
import TesseraHosting
import TesseraStores
import TesseraTestKit
import Testing

@testable import TesseraServer

@Suite struct TokenPrefixTests {
    private static let abc = TokenPrefix("abc")!
    private static let xyz = TokenPrefix("xyz")!

    private func world(
        _ store: any Store, _ prefix: TokenPrefix? = nil, _ role: TokenPrefixes.Role = .server,
        seed: UInt64 = 1
    ) async throws -> TestAuthority {
        try await TestAuthority(
            store: store, seed: seed,
            configure: {
                $0.tokenPrefix = prefix
                $0.tokenPrefixRole = role
            })
    }

    private func status(_ world: TestAuthority, _ token: String) async throws -> Int {
        try await world.client().get("/api/me", token: token).status
    }

    @Test func tokensOfAFormerPrefixStayValid() async throws {
        let store = try await TestStore.chosen.make()
        let first = try await world(store)
        let ember = try await first.person("ember")
        let old = try await first.token(for: ember)
        #expect(old.hasPrefix("tcp_"))

        let second = try await world(store, Self.abc, seed: 2)
        #expect(try await status(second, old) == 200)
        let new = try await second.token(for: ember)
        #expect(new.hasPrefix("abc_"))
        #expect(try await status(second, new) == 200)

        // Told nothing, it goes on with the last one.
        let third = try await world(store, seed: 3)
        #expect(try await status(third, old) == 200)
        #expect(try await status(third, new) == 200)
        #expect(try await third.token(for: ember).hasPrefix("abc_"))
        // It is not known of a token which one it begins with.
        let page = try await third.browser(of: ember).get("/settings/tokens").text
        #expect(page.contains(">…\(old.suffix(4))<"))
        #expect(!page.contains("abc_…"))

        let fourth = try await world(store, .personal, seed: 4)
        for token in [old, new] { #expect(try await status(fourth, token) == 200) }
        #expect(try await fourth.token(for: ember).hasPrefix("tcp_"))
        let mistyped = new.dropLast() + (new.hasSuffix("0") ? "1" : "0")
        let refused = try await fourth.client().get("/api/me", token: String(mistyped))
        #expect(refused.challenge?.contains("The access token is malformed") == true)
    }

    @Test func commandDoesNotChangeThePrefixOfTheInstallation() async throws {
        let store = try await TestStore.chosen.make()
        let server = try await world(store, Self.abc)
        let ember = try await server.person("ember")
        let command = try await world(store, Self.xyz, .command, seed: 2)
        let token = try await command.token(for: ember)
        #expect(token.hasPrefix("xyz_"))
        #expect(try await world(store, nil, .command, seed: 3).token(for: ember).hasPrefix("abc_"))
        _ = try await world(store, .personal, .reader, seed: 4)
        #expect(try await store.tokenPrefixes().map(\.text) == ["abc", "xyz"])
        #expect(try await status(try await world(store, seed: 5), token) == 200)
    }

    @Test func firstPrefixIsThatOfTheInstallationWhoeverUsesIt() async throws {
        let store = try await TestStore.chosen.make()
        _ = try await world(store, Self.xyz, .command)
        _ = try await world(store, Self.abc, .command, seed: 2)
        #expect(try await store.tokenPrefixes().map(\.text) == ["xyz", "abc"])
    }

    @Test func changeOfThePrefixIsSaidInTheLog() async throws {
        let store = try await TestStore.chosen.make()
        func lines(_ prefix: TokenPrefix?) async throws -> [String] {
            let lines = Lines()
            var configuration = AuthorityConfiguration(issuer: "http://localhost")
            configuration.tokenPrefix = prefix
            _ = try await Authority(configuration, store: store, log: lines.log)
            // Where other nodes are followed, the log may say at any moment that they are heard.
            return lines.all.filter { $0.contains("new tokens begin with") }
        }
        #expect(try await lines(nil) == [])
        #expect(
            try await lines(Self.abc) == [
                "warning new tokens begin with abc_ from now on; those that begin with tcp_ stay valid"
            ])
        #expect(try await lines(Self.abc) == [])
        #expect(try await lines(nil) == [])
    }
}

/// Two nodes on one PostgreSQL with different settings.
@Suite(.serialized) struct TokenPrefixCoherenceTests {
    @Test func nodesWithDifferentPrefixesAcceptEachOthersTokensAndSaySo() async throws {
        let url = try await PostgresStore.makeDatabase()
        let lines = Lines()
        var configuration = AuthorityConfiguration(issuer: "http://localhost")
        configuration.tokenPrefix = .personal
        let here = try await Authority(
            configuration, store: try await PostgresStore.node(of: url), clock: FixedClock().clock,
            log: lines.log)
        while here.services.cache.isBypassed { try await Task.sleep(for: .milliseconds(1)) }
        let there = try await TestAuthority(
            store: try await PostgresStore.node(of: url), seed: 2,
            configure: { $0.tokenPrefix = TokenPrefix("abc") })
        let token = try await there.token(for: try await there.person("ember"))
        #expect(token.hasPrefix("abc_"))
        let start = ContinuousClock.now
        while true {
            if case .accepted = try await here.checker.check(token, at: here.clock.now) { break }
            try #require(ContinuousClock.now - start < .seconds(30))
            try await Task.sleep(for: .milliseconds(5))
        }
        let warning =
            "warning another node draws tokens that begin with abc_, this one tcp_; both are accepted. Give all nodes the same --token-prefix"
        while !lines.all.contains(warning) {
            try #require(ContinuousClock.now - start < .seconds(30))
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(lines.all.count { $0 == warning } == 1)
    }
}
