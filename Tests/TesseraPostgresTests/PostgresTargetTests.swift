import Synchronization
import TesseraCore
import TesseraDatabase
import TesseraStores
import TesseraTestKit
import Testing

@testable import TesseraPostgres

/// The behaviour of a pool that connects to a standby.
@Suite struct PostgresTargetTests {
    private static let prelude = SQLText("SELECT 7::bigint")
    private static let number = SQLText("SELECT $1::bigint")
    private static let backend = SQLText("SELECT pg_backend_pid()")
    private static let failing = SQLText("SELECT 1 / $1::bigint")

    /// A database in the role of a standby, on a server that is a primary.
    private func open(
        met: @escaping @Sendable () -> Void = {}, fault: @escaping @Sendable () -> StoreError? = { nil }
    ) async throws -> PostgresDatabase {
        let url = try await PostgresServer.running().makeDatabase()
        var options = PostgresDatabase.Options(connectionCount: 1)
        options.target = .standby(
            PostgresPrelude(step: { PostgresStep(Self.prelude) }, met: met, fault: { _ in fault() }))
        return try await .open(PostgresURL(url.text + "&target_session_attrs=any"), options: options)
    }

    @Test func everyReadFollowsThePrelude() async throws {
        let database = try await open()
        let numbers = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for number in 1...100 {
                group.addTask {
                    let step = PostgresStep(Self.number, [.integer(number)])
                    let answers = PostgresAnswers(try await database.pool.run(.read, [step, step]))
                    return try (0..<3).map { try answers.first($0) { row in try row.integer(0) } ?? 0 }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(numbers.count == 100)
        #expect(numbers.allSatisfy { $0[0] == 7 && $0[1] == $0[2] })
        #expect(Set(numbers.map { $0[1] }) == Set(1...100))
        // Only the prelude runs.
        #expect(try await database.pool.run(.read, []).count == 1)
        database.close()
    }

    @Test func readsAreNotRetried() async throws {
        let database = try await open()
        // Reads in one group fail together.
        await withTaskGroup { group in
            for _ in 0..<20 {
                group.addTask {
                    let step = PostgresStep(Self.failing, [.integer(0)])
                    await #expect(throws: StoreError.self) { try await database.pool.run(.read, [step]) }
                }
            }
        }
        let reads = try #require(database.traffic.reads)
        // The first read has already found no server.
        #expect(reads.handedOver == 21)
        database.close()
    }

    @Test func theConnectionToAnotherKindOfServerIsClosed() async throws {
        let isMeant = Atomic<Bool>(true)
        let meetings = Atomic<Int>(0)
        let database = try await open(
            met: { meetings.wrappingAdd(1, ordering: .relaxed) },
            fault: { isMeant.load(ordering: .relaxed) ? nil : StoreError(.unavailable, "Not this one.") })
        func backend() async throws -> Int64? {
            let answers = PostgresAnswers(try await database.pool.run(.read, [PostgresStep(Self.backend)]))
            return try answers.first(1) { row in try row.integer(0) }
        }
        let first = try await backend()
        isMeant.store(false, ordering: .relaxed)
        await #expect(throws: StoreError.self) { try await backend() }
        isMeant.store(true, ordering: .relaxed)
        let second = try await backend()
        #expect(first != second)
        #expect(meetings.load(ordering: .relaxed) == 2)
        database.close()
    }

    @Test func aNotifiedChangeIsReportedLocallyBeforeItIsConfirmed() async throws {
        let url = try await PostgresStore.makeDatabase()
        let store = try await PostgresStore.node(of: url)
        let changes = Atomic<Int>(0)
        store.database.listen { event in
            if case .changed = event { changes.wrappingAdd(1, ordering: .relaxed) }
        }
        let user = User.make()
        #expect(try await store.add(user, passwordHash: "", audit: .make(.userAdded, user: user.id)))
        let token = AccessToken.make(owner: user)
        #expect(try await store.insert(token, digest: .make(), audit: nil))
        // A look-up before the change found nothing, so no cache holds the row.
        #expect(changes.load(ordering: .relaxed) == 0)
        _ = try await store.revoke(token.id, audit: .make(.tokenRevoked, user: user.id))
        #expect(changes.load(ordering: .relaxed) == 1)
        _ = try await store.setDisabled(true, user: user.id, audit: .make(.userDisabled, user: user.id))
        #expect(changes.load(ordering: .relaxed) == 2)
        store.close()
    }
}
