public import TesseraCore

/// The store in a SQLite file.
///
/// Each protocol of the store has a file. Look-ups run on the calling thread and do not suspend. Changes return when they
/// are durable.
///
/// Every read sees the commits of all processes before it: a user that the command line has just added can log in at a
/// running server, and a user that it has just disabled cannot. The only exception is the look-up of a check
/// (``findImmediately(_:)``), which happens too often for that.
public final class SQLiteStore: Sendable {
    /// The database, for other tables of the program.
    public let database: SQLiteDatabase
    let observers = StoreObservers()

    /// Uses a database.
    ///
    /// - Parameter database: The database, to which ``Migrator/tessera`` is applied before the first use.
    public init(database: SQLiteDatabase) {
        self.database = database
    }

    /// Opens a file, and creates it if it does not exist.
    ///
    /// - Parameter migrate: Applies pending migrations. Otherwise pending migrations are an error that names them.
    /// - Throws: ``StoreError`` with a sentence for the operator.
    public static func open(path: String, migrate: Bool) async throws(StoreError) -> SQLiteStore {
        try await open(.sqlite(path: path), migrate: migrate)
    }

    /// Opens the SQLite database with this URL.
    public static func open(_ url: DatabaseURL, migrate: Bool) async throws(StoreError) -> SQLiteStore {
        let store = SQLiteStore(database: try .open(url))
        if migrate { try await Migrator.tessera.up(store.database) }
        try await store.checkReadiness()
        if migrate { try await store.settleAddresses() }
        return store
    }

    /// Writes the queued changes and closes the database.
    public func close() { database.close() }

    /// Changes one row, and writes the event if there is such a row.
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
    /// Throws unless every migration is applied.
    public func checkReadiness() async throws(StoreError) {
        try Migrator.tessera.status(database).requireAllApplied()
    }

    /// The counters of the database.
    public func traffic() -> StoreTraffic? { database.traffic }

    /// Reports changes of the file by other processes; see ``SQLiteDatabase/hearsForeignChanges``.
    public var hearsForeignChanges: (@Sendable () -> Bool)? { database.hearsForeignChanges }

    /// Tells of every change by another process as one of everything: the file shows no more than that it was changed.
    public func observeChanges(includesForeign: Bool, _ handler: @escaping @Sendable (StoreChange) -> Void) {
        observers.add(handler)
        if includesForeign { database.observeForeignChanges { handler(.everything) } }
    }

    /// Passes on the troubles of the file.
    public func observeTroubles(_ handler: @escaping @Sendable (StoreError) -> Void) {
        database.observeTroubles(handler)
    }
}
