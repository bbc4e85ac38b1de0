import TesseraCore
import TesseraStores
import TesseraTestKit
import Testing

/// Every store keeps the same contract.
@Suite struct StoreContractTests {
    @Test(arguments: StoreContract.clauses)
    func fileKeeps(_ clause: StoreContract.Clause) async throws {
        let directory = try TemporaryDirectory()
        try await clause.verify(
            on: try await SQLiteStore.open(path: directory.path("tessera.db"), migrate: true))
    }

    @Test(arguments: StoreContract.clauses)
    func databaseInMemoryKeeps(_ clause: StoreContract.Clause) async throws {
        try await clause.verify(on: try await SQLiteStore.open(.sqliteInMemory, migrate: true))
    }

    @Test(arguments: StoreContract.clauses)
    func postgresKeeps(_ clause: StoreContract.Clause) async throws {
        let store = try await PostgresStore.make()
        defer { store.close() }
        try await clause.verify(on: store)
    }

    @Test(arguments: StoreContract.clauses)
    func plainMemoryKeeps(_ clause: StoreContract.Clause) async throws {
        try await clause.verify(on: MemoryStore())
    }
}
