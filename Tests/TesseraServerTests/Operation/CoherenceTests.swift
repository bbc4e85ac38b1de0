import TesseraCore
import TesseraDatabase
import TesseraPostgres
import TesseraTestKit
import TesseraTime
import Testing

@testable import TesseraServer
@testable import TesseraStores

/// Two nodes on one PostgreSQL: what one changes, the other must not go on believing.
///
/// How soon is measured where nothing else runs, as when all scenarios run on PostgreSQL one after the other. Beside hundreds
/// of other tests it must come true all the same, whenever a processor is free.
@Suite(.serialized) struct CoherenceTests {
    private static let isAlone = TestStore.chosen == .postgres
    private static let atOnce = isAlone ? Duration.seconds(1) : .seconds(30)

    private struct Nodes {
        let url: PostgresURL
        let here: TestAuthority
        let there: TestAuthority
        let client: TestClient

        init() async throws {
            url = try await PostgresStore.makeDatabase()
            here = try await TestAuthority(store: try await PostgresStore.node(of: url))
            there = try await TestAuthority(store: try await PostgresStore.node(of: url), seed: 2)
            client = here.client()
            try await hear()
        }

        /// Until the node here hears what the other one does.
        func hear() async throws {
            let start = ContinuousClock.now
            while here.authority.services.cache.isBypassed {
                try #require(ContinuousClock.now - start < .seconds(30))
                try await Task.sleep(for: .milliseconds(1))
            }
        }

        /// A token that the node here has in its cache.
        func knownToken(of user: User, scopes: [String] = []) async throws -> IssuedToken {
            let issued = try await there.issue(to: user, scopes: scopes)
            for _ in 1...2 { #expect(try await status(issued) == 200) }
            #expect(here.authority.services.cache.count > 0)
            return issued
        }

        func status(_ issued: IssuedToken) async throws -> Int {
            try await client.get("/api/me", token: issued.secret.plainText).status
        }

        /// How long the node here goes on accepting a token.
        func timeUntilRefused(_ issued: IssuedToken, limit: Duration) async throws -> Duration {
            let start = ContinuousClock.now
            while try await status(issued) == 200 {
                try #require(ContinuousClock.now - start < limit)
                await Task.yield()
            }
            return ContinuousClock.now - start
        }
    }

    @Test func revocationOnOneNodeHoldsOnTheOtherAtOnce() async throws {
        let nodes = try await Nodes()
        let user = try await nodes.there.person("ember")
        var times: [Duration] = []
        for _ in 1...20 {
            let issued = try await nodes.knownToken(of: user)
            let other = try await nodes.knownToken(of: user)
            #expect(
                try await nodes.there.authority.tokens.revoke(
                    issued.token, by: .commandLine, at: nodes.there.clock.now))
            times.append(try await nodes.timeUntilRefused(issued, limit: Self.atOnce))
            #expect(try await nodes.status(other) == 200)
        }
        // One or the other may have waited for a processor.
        if Self.isAlone { #expect(times.sorted()[10] < .milliseconds(50), "\(times)") }
    }

    @Test(arguments: ["revoke all", "disable", "suspend", "remove"])
    func whatEndsTokensOnOneNodeEndsThemOnTheOther(_ change: String) async throws {
        let nodes = try await Nodes()
        let user = try await nodes.there.person("ember")
        let issued = try await nodes.knownToken(of: user)
        let (authority, now) = (nodes.there.authority, nodes.there.clock.now)
        switch change {
        case "revoke all": _ = try await authority.tokens.revokeAll(of: user.id, by: .commandLine, at: now)
        case "disable":
            _ = try await authority.accounts.setDisabled(true, user: user.id, by: .commandLine, at: now)
        case "suspend":
            _ = try await authority.tokens.change(
                issued.token, TokenDesk.Correction(isSuspended: true), by: .commandLine, at: now)
        default: _ = try await authority.accounts.remove(user.id, by: .commandLine, at: now)
        }
        _ = try await nodes.timeUntilRefused(issued, limit: Self.atOnce)
    }

    @Test func aPermissionThatIsTakenAwayOnOneNodeIsGoneOnTheOther() async throws {
        let nodes = try await Nodes()
        let (authority, now) = (nodes.there.authority, nodes.there.clock.now)
        let name = try #require(ScopeToken("hoard:count"))
        try await authority.catalogue.put(
            ScopeDefinition(name, "Count"), by: .commandLine, at: now)
        let issued = try await nodes.knownToken(
            of: try await nodes.there.person("ember"), scopes: ["hoard:count"])
        #expect(try await authority.catalogue.remove(name, by: .commandLine, at: now))
        let start = ContinuousClock.now
        while true {
            let check = try await nodes.here.authority.checker.check(
                issued.secret.plainText, at: nodes.here.clock.now)
            guard case .accepted(let token) = check else { break }
            if token.scope.isEmpty { break }
            try #require(ContinuousClock.now - start < Self.atOnce)
        }
    }

    @Test func whileNothingIsHeardNothingIsBelieved() async throws {
        let nodes = try await Nodes()
        let server = try await PostgresServer.running()
        let user = try await nodes.there.person("ember")
        for _ in 1...5 {
            let issued = try await nodes.knownToken(of: user)
            try await server.execute(
                """
                SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
                WHERE datname = '\(nodes.url.database)' AND query LIKE 'NOTIFY %'
                """)
            _ = try await nodes.there.authority.tokens.revoke(
                issued.token, by: .commandLine, at: nodes.there.clock.now)
            _ = try await nodes.timeUntilRefused(issued, limit: Self.atOnce)
            let start = ContinuousClock.now
            while nodes.here.authority.services.cache.isBypassed {
                #expect(try await nodes.status(issued) == 401)
                try #require(ContinuousClock.now - start < .seconds(30))
            }
            for _ in 1...20 { #expect(try await nodes.status(issued) == 401) }
            // And it is used again.
            _ = try await nodes.knownToken(of: user)
        }
    }

    @Test func aMessageThatWasNotTakenInIsMissedForASecondAtMost() async throws {
        let nodes = try await Nodes()
        let store = try #require(nodes.here.authority.store as? PostgresStore)
        let hearing = store.database.hearing
        for _ in 1...20 {
            #expect(!hearing.isCertain(at: Hearing.now + PostgresChannel.attention))
            // The next look follows, although nothing comes.
            let start = Hearing.now
            while !hearing.isCertain(at: start + PostgresChannel.attention - 1) {
                try #require(Hearing.now - start < 30_000_000_000)
                try await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    @Test func aNetworkThatDiesSilentlyIsNoticedWithinThreeSeconds() async throws {
        let nodes = try await Nodes()
        let server = try await PostgresServer.running()
        let issued = try await nodes.knownToken(of: try await nodes.there.person("ember"))
        let listeners = try await server.listeners(in: nodes.url)
        #expect(listeners.count == 2)
        for listener in listeners { server.freeze(listener) }
        defer { for listener in listeners { server.thaw(listener) } }
        _ = try await nodes.there.authority.tokens.revoke(
            issued.token, by: .commandLine, at: nodes.there.clock.now)
        let time = try await nodes.timeUntilRefused(issued, limit: .seconds(30))
        if Self.isAlone { #expect(time < .seconds(3)) }
        // A new connection hears again.
        try await nodes.hear()
        #expect(try await nodes.status(issued) == 401)
    }
}
