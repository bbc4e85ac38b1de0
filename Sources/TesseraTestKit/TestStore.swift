import Glibc
public import TesseraCore
public import TesseraPostgres
public import TesseraStores

/// The kind of store for a test.
public enum TestStore: String, Sendable, CaseIterable {
    /// The store in memory.
    case memory
    /// SQLite, in memory.
    case sqlite
    /// A PostgreSQL that all tests share.
    case postgres

    /// The kind that `TESSERA_TEST_STORE` names; ``memory`` if it is not set.
    public static let chosen: TestStore = {
        guard let name = getenv("TESSERA_TEST_STORE").map({ String(cString: $0) }), !name.isEmpty else {
            return .memory
        }
        guard let chosen = TestStore(rawValue: name) else {
            preconditionFailure("TESSERA_TEST_STORE is memory, sqlite or postgres")
        }
        return chosen
    }()

    /// A new, empty store. Its database disappears with the test process.
    public func make() async throws -> any Store {
        switch self {
        case .memory: MemoryStore()
        case .sqlite: try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        case .postgres: try await PostgresStore.make()
        }
    }
}

extension Database {
    /// A new, empty and migrated database for a program with tables of its own: PostgreSQL if ``TestStore/chosen`` is
    /// ``TestStore/postgres``, otherwise SQLite in memory. It disappears with the test process.
    public static func makeForTest() async throws -> Database {
        switch TestStore.chosen {
        case .memory, .sqlite:
            let database = try await Database.open(.sqliteInMemory)
            try await database.migrate()
            return database
        case .postgres:
            return .postgres(
                try await PostgresDatabase.open(try await PostgresStore.makeDatabase(), options: .patient))
        }
    }
}

extension PostgresDatabase.Options {
    /// Long time limits, so that a busy machine does not fail a test.
    fileprivate static var patient: Self {
        PostgresDatabase.Options(requestTimeout: .seconds(60), statementTimeout: .seconds(50))
    }
}

extension PostgresStore {
    private static let template = Task {
        let name = "migrated"
        let server = try await PostgresServer.running()
        try await server.execute("CREATE DATABASE \(name)")
        // Closes the database, because PostgreSQL cannot copy a database in use.
        try await PostgresStore.open(try server.url(of: name), migrate: true).close()
        return name
    }

    /// A store on a new, empty database of the shared server.
    public static func make() async throws -> PostgresStore { try await node(of: try await makeDatabase()) }

    /// The URL of a new, empty and migrated database, for several stores in the role of nodes.
    public static func makeDatabase() async throws -> PostgresURL {
        try await PostgresServer.running().makeDatabase(copyOf: try await template.value)
    }

    /// One more store on a database.
    public static func node(of url: PostgresURL) async throws -> PostgresStore {
        try await PostgresStore.open(url, migrate: false, options: .patient)
    }
}
