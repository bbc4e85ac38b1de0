import Glibc
import Synchronization
import TesseraCore
import TesseraSQLite
import TesseraStores
import Testing

@Suite struct SQLiteTrafficTests {
    private final class Gate: Sendable {
        let isOpen = Atomic<Bool>(false)
    }

    @Test func waitingAndFinishedRequestsAreCounted() async throws {
        let store = SQLiteStore(database: try .inMemory())
        let gate = Gate()
        #expect(store.traffic()?.changes == .init(waiting: 0, handedOver: 0, groups: 0))
        let changes = (0..<3).map { number in
            Task.immediate {
                try await store.database.write { _ in
                    while number == 0, !gate.isOpen.load(ordering: .acquiring) { usleep(1_000) }
                }
            }
        }
        // The first request may be alone or with others: requests that are not sent yet wait.
        while store.traffic()?.changes?.groups == 0 { await Task.yield() }
        let during = try #require(store.traffic()?.changes)
        #expect(during.handedOver + during.waiting == 3)
        gate.isOpen.store(true, ordering: .releasing)
        for change in changes { try await change.value }
        let after = try #require(store.traffic()?.changes)
        #expect(after.handedOver == 3)
        #expect(after.waiting == 0)
        #expect((1...3).contains(after.groups))
        #expect(store.traffic()?.refusals == 0)
        #expect(store.traffic()?.reads == nil)
        store.close()
    }
}
