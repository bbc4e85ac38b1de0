public import TesseraCore

/// Everything that Tessera keeps, in a SQLite file.
///
/// The statements of each aggregate stand in a file of their own. Look-ups answer on the calling thread, without
/// suspending; changes return when they are durable.
///
/// Every read sees what any process has committed before it, so that somebody whom the command line has just added can
/// log in at a server that is running, and nobody whom it has disabled. Only the look-up of a check
/// (``findImmediately(_:)``) is asked too often for that.
public final class SQLiteStore: Sendable {
    /// The database, for what else a program keeps in it.
    public let database: SQLiteDatabase
    let observers = StoreObservers()

    /// - Parameter database: Migrated with ``Migrator/tessera``, or about to be.
    public init(database: SQLiteDatabase) {
        self.database = database
    }

    /// Opens a file, or makes it.
    ///
    /// - Parameter migrate: Whether pending migrations are applied. Otherwise they are an error that names them.
    /// - Throws: ``StoreError`` with a sentence for the operator.
    public static func open(path: String, migrate: Bool) async throws(StoreError) -> SQLiteStore {
        try await open(.sqlite(path: path), migrate: migrate)
    }

    /// Opens what the URL names, which must be a SQLite database.
    public static func open(_ url: DatabaseURL, migrate: Bool) async throws(StoreError) -> SQLiteStore {
        let store = SQLiteStore(database: try .open(url))
        if migrate { try await Migrator.tessera.up(store.database) }
        try await store.checkReadiness()
        if migrate { try await store.settleAddresses() }
        return store
    }

    /// Closes the database after writing what is queued.
    public func close() { database.close() }

    /// Changes one row, and writes the event if there was one to change.
    func change(
        _ sql: SQLText, _ values: [SQLiteValue], by authorization: Authorization, _ audit: AuditEvent,
        telling change: StoreChange? = nil
    ) async throws(StoreError) -> Bool {
        try await changing(change, by: authorization, at: audit.at) { connection in
            guard try connection.execute(sql, values) == 1 else { return false }
            try Self.write(audit, connection)
            return true
        }
    }
}

extension SQLiteStore: StoreHealth {
    public func checkReadiness() async throws(StoreError) {
        try Migrator.tessera.status(database).requireAllApplied()
    }

    public func traffic() -> StoreTraffic? { database.traffic }

    public var hearsForeignChanges: (@Sendable () -> Bool)? { database.hearsForeignChanges }

    public func observeChanges(includesForeign: Bool, _ handler: @escaping @Sendable (StoreChange) -> Void) {
        observers.add(handler)
        // The file tells that it was changed, not what in it.
        if includesForeign { database.observeForeignChanges { handler(.everything) } }
    }

    public func observeTroubles(_ handler: @escaping @Sendable (StoreError) -> Void) {
        database.observeTroubles(handler)
    }
}
