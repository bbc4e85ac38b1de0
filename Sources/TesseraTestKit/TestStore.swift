import Glibc
public import TesseraCore
public import TesseraPostgres
public import TesseraStores

/// Which kind of store a test runs on.
public enum TestStore: String, Sendable, CaseIterable {
    case memory
    case sqlite
    case postgres

    /// What `TESSERA_TEST_STORE` names, so that all scenarios can be run on each; in memory when it names nothing.
    public static let chosen: TestStore = {
        guard let name = getenv("TESSERA_TEST_STORE").map({ String(cString: $0) }), !name.isEmpty else {
            return .memory
        }
        guard let chosen = TestStore(rawValue: name) else {
            preconditionFailure("TESSERA_TEST_STORE is memory, sqlite or postgres")
        }
        return chosen
    }()

    /// A new, empty store. Its database goes with the process of the tests.
    public func make() async throws -> any Store {
        switch self {
        case .memory: MemoryStore()
        case .sqlite: try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        case .postgres: try await PostgresStore.make()
        }
    }
}

extension Database {
    /// A new, empty and migrated database for a program that keeps tables of its own in it: PostgreSQL where
    /// ``TestStore/chosen`` says so, otherwise SQLite in memory. It goes with the process of the tests.
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
    /// For a busy machine, which is no failure.
    fileprivate static var patient: Self {
        PostgresDatabase.Options(requestTimeout: .seconds(60), statementTimeout: .seconds(50))
    }
}

extension PostgresStore {
    private static let template = Task {
        let name = "migrated"
        let server = try await PostgresServer.running()
        try await server.execute("CREATE DATABASE \(name)")
        // Closed again: a database in use cannot be copied.
        try await PostgresStore.open(try server.url(of: name), migrate: true).close()
        return name
    }

    /// A store on a new, empty database of the server that all tests share.
    public static func make() async throws -> PostgresStore { try await node(of: try await makeDatabase()) }

    /// The URL of a new, empty and migrated database: for several stores, as nodes have them.
    public static func makeDatabase() async throws -> PostgresURL {
        try await PostgresServer.running().makeDatabase(copyOf: try await template.value)
    }

    /// One more store on a database.
    public static func node(of url: PostgresURL) async throws -> PostgresStore {
        try await PostgresStore.open(url, migrate: false, options: .patient)
    }
}
