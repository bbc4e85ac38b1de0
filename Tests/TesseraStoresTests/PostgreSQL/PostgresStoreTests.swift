import TesseraCore
import TesseraCrypto
import TesseraDatabase
import TesseraPostgres
import TesseraTestKit
import TesseraTime
import Testing

@testable import TesseraStores

/// The same operation on several nodes at once. Two stores on one database are as separate as two processes.
@Suite struct PostgresStoreTests {
    private let now = fixtureInstant + .seconds(1)

    private struct Cluster {
        let nodes: [PostgresStore]

        init() async throws {
            let url = try await PostgresStore.makeDatabase()
            nodes = [try await .node(of: url), try await .node(of: url)]
        }

        /// Runs `body` this many times at once, on all nodes in turn.
        func race<Value: Sendable>(
            _ count: Int, _ body: @escaping @Sendable (PostgresStore, Int) async throws -> Value
        ) async throws -> [Value] {
            try await withThrowingTaskGroup(of: Value.self) { group in
                for number in 0..<count {
                    let node = nodes[number % nodes.count]
                    group.addTask { try await body(node, number) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }

        func addUser(_ user: User = .make()) async throws -> User {
            #expect(try await nodes[0].add(user, passwordHash: "", audit: .make(.userAdded, user: user.id)))
            return user
        }

        func addToken(of user: User) async throws -> AccessToken {
            let token = AccessToken.make(owner: user)
            #expect(try await nodes[0].insert(token, digest: .make(), audit: nil))
            return token
        }
    }

    @Test func noMoreTokensAreStoredThanTheLimitAllows() async throws {
        let cluster = try await Cluster()
        let user = try await cluster.addUser()
        let outcomes = try await cluster.race(50) { node, _ in
            try await node.insert(
                .make(owner: user), digest: .make(), limit: 10, audit: .make(.tokenIssued, user: user.id))
        }
        #expect(outcomes.count { $0 == .stored } == 10)
        #expect(outcomes.count { $0 == .tooMany } == 40)
        #expect(try await cluster.nodes[1].tokens(of: user.id, before: nil, limit: 99).count == 10)
        let events = try await cluster.nodes[0].events(concerning: user.id, limit: 99)
        #expect(events.count { $0.action == .tokenIssued } == 10)
    }

    @Test func aJobIsLeasedToOneNodeAndToAnotherAfterItsEnd() async throws {
        let cluster = try await Cluster()
        let holders = (0..<20).map { Node.ID(high: 1, low: UInt64($0)) }
        let outcomes = try await cluster.race(20) { node, number in
            (number, try await node.lease(.pruneAudit, to: holders[number], for: .seconds(60)))
        }
        #expect(outcomes.count { $0.1 } == 1)
        let winner = try #require(outcomes.first { $0.1 }?.0)
        let (holder, other) = (holders[winner], holders[(winner + 1) % 20])
        // The holder renews the lease, on any connection; another job has another lease.
        #expect(try await cluster.nodes[1].lease(.pruneAudit, to: holder, for: .zero))
        #expect(try await cluster.nodes[0].lease(.pruneTokens, to: other, for: .seconds(60)))
        // The lease has ended by now.
        #expect(try await cluster.nodes[0].lease(.pruneAudit, to: other, for: .seconds(60)))
        #expect(try await !cluster.nodes[1].lease(.pruneAudit, to: holder, for: .seconds(60)))
    }

    @Test func tokensOfManyOwnersAreStoredWithoutWaitingForEachOther() async throws {
        let cluster = try await Cluster()
        var users: [User] = []
        for _ in 0..<8 { users.append(try await cluster.addUser()) }
        let owners = users
        let outcomes = try await cluster.race(400) { node, number in
            // Each node takes the owners in a different order.
            let owner = owners[number % 2 == 0 ? number / 2 % 8 : 7 - number / 2 % 8]
            return try await node.insert(.make(owner: owner), digest: .make(), limit: 1_000, audit: nil)
        }
        #expect(outcomes.allSatisfy { $0 == .stored })
        #expect(try await deadlocks(cluster) == 0)
    }

    @Test func oneOfManyRotationsSucceeds() async throws {
        let cluster = try await Cluster()
        let user = try await cluster.addUser()
        let old = try await cluster.addToken(of: user)
        let outcomes = try await cluster.race(20) { [now] node, _ in
            try await node.rotate(
                to: .make(owner: user, replaces: old.id), digest: .make(), endingOldAt: now + .seconds(60),
                audit: .make(.tokenRotated, user: user.id, at: now))
        }
        #expect(outcomes.count { if case .rotated = $0 { true } else { false } } == 1)
        // The losers see the winner.
        let refused = outcomes.compactMap { if case .refused(let token) = $0 { token } else { nil } }
        #expect(refused.count == 19)
        #expect(refused.allSatisfy { $0.replacedBy != nil && $0.expiresAt == now + .seconds(60) })
        #expect(try await cluster.nodes[0].tokens(of: user.id, before: nil, limit: 99).count == 2)
    }

    @Test func oneOfManyRevocationsSucceeds() async throws {
        let cluster = try await Cluster()
        let user = try await cluster.addUser()
        for _ in 0..<10 {
            let token = try await cluster.addToken(of: user)
            let outcomes = try await cluster.race(2) { node, _ in
                try await node.revoke(token.id, audit: .make(.tokenRevoked, user: user.id))
            }
            #expect(outcomes.count { if case .revoked = $0 { true } else { false } } == 1)
            #expect(outcomes.count { $0 == .already } == 1)
        }
        let events = try await cluster.nodes[0].events(concerning: user.id, limit: 99)
        #expect(events.count { $0.action == .tokenRevoked } == 10)
    }

    @Test func changeThatMeetsARevocationSeesIt() async throws {
        let cluster = try await Cluster()
        let user = try await cluster.addUser()
        for _ in 0..<10 {
            let token = try await cluster.addToken(of: user)
            let event = AuditEvent.make(.tokenChanged, user: user.id, at: now)
            async let revocation = cluster.nodes[0].revoke(token.id, audit: .make(.tokenRevoked, at: now))
            async let change = cluster.nodes[1].change(token.id, TokenChange(expiry: .never), audit: event)
            guard case .revoked = try await revocation else {
                Issue.record("not revoked")
                continue
            }
            switch try await change {
            case .changed(let changed, _): #expect(changed.revokedAt == nil && changed.expiresAt == nil)
            case .over(let token): #expect(token.revokedAt == now)
            case .givesMore, .beyondLimit, .unknown: Issue.record("neither changed nor over")
            }
            #expect(try await cluster.nodes[1].token(token.id)?.revokedAt == now)
        }
    }

    @Test func batchesOfUsesOfTheSameTokensDoNotMeetInADeadlock() async throws {
        let cluster = try await Cluster()
        let user = try await cluster.addUser()
        var tokens: [AccessToken] = []
        for _ in 0..<100 { tokens.append(try await cluster.addToken(of: user)) }
        let all = tokens
        _ = try await cluster.race(60) { [now] node, number in
            if number % 20 == 19 {
                _ = try await node.revokeTokens(
                    of: user.id, audit: .make(.tokenRevoked, user: user.id, at: now))
            } else {
                let use = TokenUse(at: now + .seconds(Int64(number)), from: .local)
                let some = all.shuffled().prefix(80)
                try await node.noteUses(Dictionary(uniqueKeysWithValues: some.map { ($0.id, use) }))
            }
        }
        #expect(try await deadlocks(cluster) == 0)
        let uses = try await cluster.nodes[0].tokens(of: user.id, before: nil, limit: 999).map(\.lastUsedAt)
        #expect(uses.allSatisfy { $0.map { $0 > now + .seconds(40) } ?? false })
    }

    @Test func addressIsTakenOnceByAdditionsAndChanges() async throws {
        let cluster = try await Cluster()
        let users = [
            try await cluster.addUser(), try await cluster.addUser(), try await cluster.addUser(),
            try await cluster.addUser(),
        ]
        let results = try await cluster.race(8) { node, number in
            var user = number < 4 ? users[number] : User.make(email: "wanted@example.org")
            user.email = User.make(email: "wanted@example.org").email
            let event = AuditEvent.make(.userChanged, user: user.id)
            return number < 4
                ? try await node.update(user, audit: event)
                : try await node.add(user, passwordHash: "", audit: event)
        }
        #expect(results.count(where: \.self) == 1)
        let events = try await cluster.nodes[0].events(concerning: nil, limit: 99)
        #expect(events.count { $0.action == .userChanged } == 1)
    }

    @Test func installationCreatesASecretOnce() async throws {
        let cluster = try await Cluster()
        let secrets = try await cluster.race(10) { node, number in
            try await node.installationSecret(
                "mark", otherwise: [UInt8](repeating: UInt8(number), count: 32))
        }
        #expect(Set(secrets).count == 1)
    }

    @Test func sessionIsReplacedOnce() async throws {
        let cluster = try await Cluster()
        let user = try await cluster.addUser()
        let session = Session.make(user: user)
        try await cluster.nodes[0].start(session, digest: .make(), audit: .make())
        let results = try await cluster.race(10) { node, _ in
            try await node.replace(session.id, with: .make(user: user), digest: .make(), audit: .make())
        }
        #expect(results.count(where: \.self) == 1)
        #expect(try await cluster.nodes[1].sessions(of: user.id, limit: 9).count == 1)
    }

    @Test func pruningOnSeveralNodesDeletesEachRowOnce() async throws {
        let cluster = try await Cluster()
        let user = try await cluster.addUser()
        let dead = (0..<300).map { _ in
            (AccessToken.make(owner: user, expiresAt: fixtureInstant), TokenDigest.make())
        }
        try await cluster.nodes[0].insertTokensInBulk(dead)
        let counts = try await cluster.race(20) { [now] node, _ in
            try await node.pruneTokens(deadBefore: now, limit: 50)
        }
        #expect(counts.reduce(0, +) == 300)
        #expect(try await deadlocks(cluster) == 0)
    }

    @Test func lastUsesWriteNoIndex() async throws {
        let url = try await PostgresStore.makeDatabase()
        let store = try await PostgresStore.open(url, migrate: false, options: .init(connectionCount: 1))
        let user = User.make()
        _ = try await store.add(user, passwordHash: "", audit: .make())
        let tokens = (0..<2_000).map { _ in (AccessToken.make(owner: user), TokenDigest.make()) }
        try await store.insertTokensInBulk(tokens)
        // About one row in each page: the server decides when it removes old rows.
        let use = TokenUse(at: now, from: .local)
        let some = stride(from: 0, to: tokens.count, by: 50).map { (tokens[$0].0.id, use) }
        try await store.noteUses(Dictionary(uniqueKeysWithValues: some))
        _ = try await store.database.first(Self.flushStatistics) { _ in }
        let updates = try await store.database.first(Self.updates) { row in
            (all: try row.integer(0), withoutIndexes: try row.integer(1))
        }
        #expect(updates?.all == 40)
        #expect(updates?.withoutIndexes == 40)
    }

    private static let flushStatistics = SQLText("SELECT pg_stat_force_next_flush()")
    private static let updates = SQLText(
        "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'api_token'")

    private static let deadlockCount = SQLText(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")

    private func deadlocks(_ cluster: Cluster) async throws -> Int64? {
        try await cluster.nodes[0].database.first(Self.deadlockCount) { row in try row.integer(0) }
    }
}
