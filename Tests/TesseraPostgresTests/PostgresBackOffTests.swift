import Testing

@testable import TesseraPostgres

@Suite struct PostgresBackOffTests {
    @Test func pausesGrowUpToALimitAndDiffer() {
        var backOffs = (0..<50).map { _ in PostgresBackOff() }
        var bound: Int64 = 100_000_000
        for _ in 0..<10 {
            var pauses: Set<Int64> = []
            for index in backOffs.indices { pauses.insert(backOffs[index].next()) }
            #expect(pauses.allSatisfy { (bound / 2...bound).contains($0) })
            #expect(pauses.count > 1)
            bound = min(bound * 2, PostgresBackOff.longest)
        }
        backOffs[0].reset()
        #expect(backOffs[0].next() <= 100_000_000)
    }
}
