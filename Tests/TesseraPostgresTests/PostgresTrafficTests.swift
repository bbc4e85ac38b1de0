import TesseraCore
import TesseraDatabase
import TesseraTestKit
import Testing

@testable import TesseraPostgres

@Suite(.serialized) struct PostgresTrafficTests {
    @Test func waitingAndSentRequestsAreCountedSeparately() async throws {
        var options = HeldDatabase.patient
        options.queueCapacity = 4
        let way = try await HeldDatabase(options)
        _ = try await way.database.first(SQLText("SELECT 1")) { _ in }
        // Callers get their answers before the counters change.
        try await way.poll { way.database.traffic.reads?.groupsUnderWay == 0 }
        let before = way.database.traffic
        #expect(before.connections == .init(open: 1, limit: 1))
        way.answers.hold()
        var changes = [Task.immediate { try await way.change(1) }]
        try await way.poll { way.database.traffic.changes?.groupsUnderWay == 1 }
        for number in 2...4 { changes.append(Task.immediate { try await way.change(number) }) }
        try await way.poll { way.database.traffic.changes?.waiting == 3 }
        // There is no room for a fifth request.
        await #expect(throws: StoreError.self) { try await way.change(5) }
        way.answers.letGo()
        for change in changes { try await change.value }
        try await way.poll { way.database.traffic.changes?.groupsUnderWay == 0 }
        let after = way.database.traffic
        #expect(after.changes == .init(waiting: 0, groupsUnderWay: 0, handedOver: 4, groups: 2))
        #expect(after.reads == before.reads)
        #expect(after.refusals == 1)
        #expect(after.reconnections == .init(forRequests: 0, forChanges: 0))
        way.close()
    }

    @Test func replacedConnectionsAreCounted() async throws {
        let way = try await HeldDatabase()
        way.database.listen { _ in }
        try await way.poll { way.database.traffic.notificationLag != nil }
        let traffic = way.database.traffic
        #expect(traffic.notificationLag.map { $0 < .seconds(2) } == true)
        // The same machine, and so the same clock.
        #expect(traffic.clockLead.map { $0 > .seconds(-2) && $0 < .seconds(2) } == true)
        try await way.server.execute(
            "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname = '\(way.url.database)'"
        )
        try await way.poll {
            way.database.traffic.reconnections == .init(forRequests: 1, forChanges: 1)
        }
        way.close()
    }
}
