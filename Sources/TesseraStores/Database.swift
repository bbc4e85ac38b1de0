public import TesseraCore

/// A database that is open, of whichever kind it is.
///
/// For who only learns from a ``DatabaseURL`` what it is: everything that differs between the kinds is asked here.
public enum Database: Sendable {
    case sqlite(SQLiteDatabase)
    case postgres(PostgresDatabase)

    /// Opens what the URL names, as it is: nothing is migrated.
    ///
    /// - Parameter isShortLived: True for a process that ends soon, as a command does, and opens the database only once: it
    ///   leaves the log of a SQLite file to a server beside it.
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

    /// Everything that Tessera keeps in it.
    public var store: any Store {
        switch self {
        case .sqlite(let database): SQLiteStore(database: database)
        case .postgres(let database): PostgresStore(database: database)
        }
    }

    /// The same, where presented tokens are looked up at a standby first. Only for a PostgreSQL database.
    ///
    /// - Parameter report: Told what becomes of the standby, from any thread, which it must not keep.
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

    /// Whether it belongs to one machine, where whoever opens it may also change its schema. On a server there may be
    /// nodes of an older version, and somebody has to say when.
    public var migratesItself: Bool {
        switch self {
        case .sqlite: true
        case .postgres: false
        }
    }

    /// Where each migration of Tessera's schema stands.
    public func migrations() async throws(StoreError) -> [Migrator.Status] {
        switch self {
        case .sqlite(let database): try Migrator.tessera.status(database)
        case .postgres(let database): try await Migrator.tesseraOnPostgres.status(database)
        }
    }

    /// Applies what is pending of Tessera's schema.
    ///
    /// - Parameter evenIfTakenBack: Whether migrations that were taken back on purpose are applied again.
    /// - Returns: What was applied by this call.
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
    /// - Returns: What was taken back by this call.
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

    /// Does what waits and closes it.
    public func close() {
        switch self {
        case .sqlite(let database): database.close()
        case .postgres(let database): database.close()
        }
    }
}
