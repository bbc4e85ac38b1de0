public import TesseraCore

/// An open database of either kind.
///
/// For programs that learn the kind from a ``DatabaseURL``: this type answers everything in which the kinds differ.
public enum Database: Sendable {
    case sqlite(SQLiteDatabase)
    case postgres(PostgresDatabase)

    /// Opens the database with this URL, without migrating it.
    ///
    /// - Parameter isShortLived: `true` for a process that ends soon and opens the database only once, such as a command: it
    ///   leaves the log of a SQLite file to a server that uses the file.
    /// - Throws: ``StoreError`` with a sentence for the operator.
    public static func open(
        _ url: DatabaseURL, isShortLived: Bool = false
    ) async throws(StoreError) -> Database {
        switch url {
        case .sqlite, .sqliteInMemory:
            .sqlite(try SQLiteDatabase.open(url, options: .init(leavesLogToOthers: isShortLived)))
        case .postgres(let url): .postgres(try await PostgresDatabase.open(url))
        }
    }

    /// The store in this database.
    public var store: any Store {
        switch self {
        case .sqlite(let database): SQLiteStore(database: database)
        case .postgres(let database): PostgresStore(database: database)
        }
    }

    /// The store with a standby in which presented tokens are looked up first. Only for a PostgreSQL database.
    ///
    /// - Parameter report: Called with changes in the state of the standby, from any thread, which it must not block.
    /// - Throws: ``StoreError``.
    public func store(
        lookingUpAt replica: PostgresURL, report: @escaping @Sendable (ReplicaNotice) -> Void
    ) throws(StoreError) -> any Store {
        switch self {
        case .sqlite: throw StoreError(.unavailable, "A SQLite database has no replica.")
        case .postgres(let database):
            PostgresStore(
                database: database, replica: try PostgresReplica(replica, of: database, report: report))
        }
    }

    /// Indicates that a program that opens the database may also migrate it, because the database belongs to one machine. On a
    /// server, nodes of an older version may run, and an operator decides when to migrate.
    public var migratesItself: Bool {
        switch self {
        case .sqlite: true
        case .postgres: false
        }
    }

    /// The status of each migration of Tessera's schema, in their order.
    public func migrations() async throws(StoreError) -> [Migrator.Status] {
        switch self {
        case .sqlite(let database): try Migrator.tessera.status(database)
        case .postgres(let database): try await Migrator.tesseraOnPostgres.status(database)
        }
    }

    /// Applies the pending migrations of Tessera's schema.
    ///
    /// - Parameter evenIfTakenBack: Also applies migrations that an operator has taken back.
    /// - Returns: The migrations that this call has applied.
    @discardableResult
    public func migrate(evenIfTakenBack: Bool = false) async throws(StoreError) -> [Migrator.Status] {
        let done: [Migrator.Status]
        switch self {
        case .sqlite(let database):
            done = try await Migrator.tessera.up(database, evenIfTakenBack: evenIfTakenBack)
        case .postgres(let database):
            done = try await Migrator.tesseraOnPostgres.up(database, evenIfTakenBack: evenIfTakenBack)
        }
        try await store.settleAddresses()
        return done
    }

    /// Takes back every applied migration of Tessera's schema above `version`.
    ///
    /// - Returns: The migrations that this call has taken back.
    @discardableResult
    public func revert(to version: Int) async throws(StoreError) -> [Migrator.Status] {
        switch self {
        case .sqlite(let database): try await Migrator.tessera.down(to: version, database)
        case .postgres(let database): try await Migrator.tesseraOnPostgres.down(to: version, database)
        }
    }

    /// Stores many tokens in one transaction, without events. Tokens whose digest is taken are skipped.
    ///
    /// For databases that are filled for a measurement.
    public func insertTokensInBulk(_ tokens: [(AccessToken, TokenDigest)]) async throws(StoreError) {
        switch self {
        case .sqlite(let database):
            try await SQLiteStore(database: database).insertTokensInBulk(tokens)
        case .postgres(let database):
            try await PostgresStore(database: database).insertTokensInBulk(tokens)
        }
    }

    /// Finishes the waiting work and closes the database.
    public func close() {
        switch self {
        case .sqlite(let database): database.close()
        case .postgres(let database): database.close()
        }
    }
}
