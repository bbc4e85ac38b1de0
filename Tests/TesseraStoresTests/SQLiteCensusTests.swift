import TesseraCore
import TesseraCrypto
import TesseraSQLite
import TesseraTestKit
import Testing

@testable import TesseraStores

@Suite struct SQLiteCensusTests {
    /// A store with this number of tokens. Every fourth has expired, and every eighth was also revoked.
    private func store(tokens count: Int) async throws -> SQLiteStore {
        let store = try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        let user = User.make()
        _ = try await store.add(user, passwordHash: "", audit: .make())
        try await store.insertTokensInBulk(
            (0..<count).map { index in
                (
                    .make(
                        owner: user, expiresAt: index % 4 == 0 ? fixtureInstant : nil,
                        revokedAt: index % 8 == 0 ? fixtureInstant : nil),
                    SHA256.digest(of: Array("token \(index)".utf8))
                )
            })
        return store
    }

    private func estimate(_ store: SQLiteStore, sampleSize: Int) throws -> StoreCensus.Rows? {
        try store.database.read { connection in
            try SQLiteStore.estimateTokens(at: fixtureInstant, sampleSize: sampleSize, connection)
        }
    }

    @Test func sampleEstimatesLiveAndDeadTokens() async throws {
        let store = try await store(tokens: 8_000)
        let counted = try await store.census(at: fixtureInstant).rows.first { $0.table == .tokens }
        #expect(counted == .init(.tokens, live: 6_000, dead: 2_000))
        let estimate = try #require(try estimate(store, sampleSize: 2_000))
        #expect(!estimate.isExact)
        #expect((7_500...8_500).contains(estimate.live + estimate.dead))
        #expect((1_750...2_250).contains(estimate.dead))
    }

    @Test func emptyTableHasNoEstimate() async throws {
        #expect(try estimate(try await store(tokens: 0), sampleSize: 10) == nil)
    }

    @Test func sizeIsTheSizeOfTheFile() async throws {
        let directory = try TemporaryDirectory()
        let store = try await SQLiteStore.open(path: directory.path("t.db"), migrate: true)
        let census = try await store.census(at: fixtureInstant)
        #expect(try #require(census.size).isMultiple(of: 4_096))
        #expect(try #require(census.logSize) > 0)
        let inMemory = try await SQLiteStore.open(.sqliteInMemory, migrate: true).census(at: fixtureInstant)
        #expect(inMemory.logSize == nil)
    }
}
