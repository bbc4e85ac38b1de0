import TesseraCore
import TesseraCrypto
import TesseraDatabase
import TesseraPostgres
import TesseraTestKit
import TesseraTime
import Testing

@testable import TesseraStores

/// Attempts that nodes count together. Each node is a separate throttle that shares only the database.
@Suite(.serialized) struct PostgresThrottleTests {
    private static let policy = SignInThrottle.Policy(
        attempts: .init(free: 3, shortest: .seconds(60), longest: .seconds(900), memory: .seconds(3_600)),
        account: .init(free: 8, shortest: .seconds(600), longest: .seconds(600), memory: .seconds(3_600)),
        network: .init(free: 20, shortest: .seconds(60), longest: .seconds(900), memory: .seconds(3_600)),
        registrations: .init(free: 4, shortest: .seconds(60), longest: .seconds(60), memory: .seconds(3_600)))
    private let now = NumericDate(milliseconds: 1_800_000_000_000)

    private func open() async throws -> PostgresStore {
        try await PostgresStore.open(try await PostgresServer.running().makeDatabase(), migrate: true)
    }

    private func node(_ store: PostgresStore) -> SharedThrottle {
        SharedThrottle(
            SignInThrottle(Self.policy), shared: .init(store, key: Secret(Array(repeating: 7, count: 32))))
    }

    private func attempt(_ email: String, from network: String = "192.0.2.1") -> SignInAttempt {
        SignInAttempt(email: email, origin: .network(network))
    }

    @Test func attemptsAtSeveralNodesAreCountedTogether() async throws {
        let store = try await open()
        defer { store.close() }
        let nodes = (0..<4).map { _ in node(store) }
        var waits: [Duration?] = []
        for node in nodes { waits.append(try await node.begin(attempt("a@example.com"), at: now)) }
        #expect(waits[..<3].allSatisfy { $0 == nil })
        let wait = try #require(waits[3])
        #expect(wait > .seconds(55) && wait <= .seconds(60))
        #expect(nodes[3].refusals == 1)
        // Another account is open, and so is this one from another network.
        #expect(try await nodes[3].begin(attempt("b@example.com"), at: now) == nil)
        #expect(try await nodes[3].begin(attempt("a@example.com", from: "198.51.100.7"), at: now) == nil)
    }

    @Test func anAccountIsProtectedFromAllPlacesTogether() async throws {
        let store = try await open()
        defer { store.close() }
        let nodes = (0..<3).map { _ in node(store) }
        for number in 0..<8 {
            let attempt = attempt("a@example.com", from: "192.0.2.\(number)")
            #expect(try await nodes[number % 3].begin(attempt, at: now) == nil)
        }
        let wait = try await nodes[2].begin(attempt("a@example.com", from: "203.0.113.1"), at: now)
        #expect(try #require(wait) > .seconds(590))
    }

    @Test func simultaneousAttemptsDoNotExceedTheBudget() async throws {
        let store = try await open()
        defer { store.close() }
        let nodes = (0..<4).map { _ in node(store) }
        let admitted = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<40 {
                group.addTask {
                    try await nodes[number % 4].begin(attempt("a@example.com"), at: now) == nil
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(admitted == 3)
    }

    @Test func theRightPasswordOpensTheAccountOnAllNodes() async throws {
        let store = try await open()
        defer { store.close() }
        let (one, two) = (node(store), node(store))
        for _ in 0..<2 { #expect(try await one.begin(attempt("a@example.com"), at: now) == nil) }
        #expect(try await two.begin(attempt("a@example.com"), at: now) == nil)
        try await two.succeeded(attempt("a@example.com"), at: now)
        for _ in 0..<3 { #expect(try await two.begin(attempt("a@example.com"), at: now) == nil) }
        #expect(try await two.begin(attempt("a@example.com"), at: now) != nil)
    }

    @Test func aWithdrawnAttemptIsNotCounted() async throws {
        let store = try await open()
        defer { store.close() }
        let (one, two) = (node(store), node(store))
        for _ in 0..<10 {
            #expect(try await one.begin(attempt("a@example.com"), at: now) == nil)
            await one.withdrawn(attempt("a@example.com"), at: now)
        }
        for _ in 0..<3 { #expect(try await two.begin(attempt("a@example.com"), at: now) == nil) }
    }

    @Test func registrationsAreCountedTogether() async throws {
        let store = try await open()
        defer { store.close() }
        let nodes = (0..<5).map { _ in node(store) }
        var waits: [Duration?] = []
        for node in nodes { waits.append(try await node.beginRegistration(from: "192.0.2.1", at: now)) }
        #expect(waits.map { $0 == nil } == [true, true, true, true, false])
        #expect(nodes[4].refusals == 1)
        #expect(try await nodes[0].beginRegistration(from: nil, at: now) == nil)
    }

    @Test func expiredCountersAreDeleted() async throws {
        let server = try await PostgresServer.running()
        let url = try await server.makeDatabase()
        let store = try await PostgresStore.open(url, migrate: true)
        defer { store.close() }
        let (one, two) = (node(store), node(store))
        for _ in 0..<3 { #expect(try await one.begin(attempt("a@example.com"), at: now) == nil) }
        #expect(try await two.begin(attempt("a@example.com"), at: now) != nil)
        try await store.database.session {
            try $0.runScript("UPDATE throttle SET forget_at = now() - interval '1 second'")
        }
        #expect(try await two.begin(attempt("b@example.com"), at: now) == nil)
        let rows = SQLText("SELECT count(*) FROM throttle")
        // The two counters of the other account, and the counter of the network, which both share.
        #expect(try await store.database.first(rows) { try $0.integer(0) } == 3)
        #expect(try await two.begin(attempt("a@example.com"), at: now) == nil)
    }

    @Test func pruningReadsOnlyExpiredCounters() async throws {
        let store = try await open()
        defer { store.close() }
        let plan = try await store.database.session { connection in
            try connection.runScript(
                """
                INSERT INTO throttle
                SELECT sha256(int8send(number)), 1, NULL, now() + interval '1 hour'
                FROM generate_series(1, 5000) AS number;
                ANALYZE throttle
                """)
            let explained = try connection.run("EXPLAIN (ANALYZE) \(PostgresStore.pruneThrottle.text)", [])
            return try explained.rows(0) { try $0.text(0) }
        }
        #expect(plan.contains { $0.contains("throttle_forget_at") })
        #expect(!plan.contains { $0.contains("Rows Removed by Filter") })
    }

    @Test func noAttemptIsAdmittedWhileCountingFails() async throws {
        let store = try await open()
        let throttle = node(store)
        store.close()
        await #expect(throws: StoreError.self) { try await throttle.begin(attempt("a@example.com"), at: now) }
    }
}
