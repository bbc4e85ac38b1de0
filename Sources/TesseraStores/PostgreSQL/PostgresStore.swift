public import TesseraCore

/// The store in a PostgreSQL database, which any number of nodes share.
///
/// Each protocol of the store has a file. A look-up is one statement, and a change is a short list of statements that are
/// sent together. A change decides in SQL, on rows that it has locked. If other nodes have to know of a change, its
/// transaction notifies them: see ``PostgresSignal``.
public final class PostgresStore: Sendable {
    /// The database, for other tables of the program.
    public let database: PostgresDatabase
    /// The replica in which presented tokens are looked up first, if there is one.
    let replica: PostgresReplica?
    let observers = StoreObservers()

    /// Uses a database.
    ///
    /// - Parameters:
    ///   - database: The database, to which ``Migrator/tesseraOnPostgres`` is applied before the first use.
    ///   - replica: A standby of it, in which presented tokens are looked up first.
    public init(database: PostgresDatabase, replica: PostgresReplica? = nil) {
        self.database = database
        self.replica = replica
    }

    /// Opens a database.
    ///
    /// - Parameter migrate: Applies pending migrations. Otherwise pending migrations are an error that names them.
    /// - Throws: ``StoreError`` with a sentence for the operator.
    public static func open(
        _ url: PostgresURL, migrate: Bool, options: PostgresDatabase.Options = .init()
    ) async throws(StoreError) -> PostgresStore {
        let store = PostgresStore(database: try await .open(url, options: options))
        if migrate { try await Migrator.tesseraOnPostgres.up(store.database) }
        try await store.checkReadiness()
        if migrate { try await store.settleAddresses() }
        return store
    }

    /// Finishes the work under way and closes the connections.
    public func close() {
        database.close()
        replica?.close()
    }

    /// Runs a statement that changes something and writes the event, whose values come after the others.
    ///
    /// - Returns: `true` if it returned a row, because there was something to change.
    func change(
        _ statement: SQLText, _ values: [PostgresValue], _ audit: AuditEvent?,
        locking lock: PostgresLock = .none
    ) async throws(StoreError) -> Bool {
        try await database.change(
            [PostgresStep(statement, values + Self.values(audit))], locking: lock
        ) { answers in answers.affected(0) > 0 }
    }
}

extension PostgresStore: StoreHealth {
    /// Throws unless every migration is applied.
    public func checkReadiness() async throws(StoreError) {
        try await Migrator.tesseraOnPostgres.status(database).requireAllApplied()
    }

    /// Reports whether the notifications of other nodes certainly arrive.
    public var hearsForeignChanges: (@Sendable () -> Bool)? {
        let hearing = database.hearing
        return { hearing.isCertain }
    }

    /// The counters of the database and its replica.
    public func traffic() -> StoreTraffic? {
        var traffic = database.traffic
        traffic.replica = replica?.traffic
        return traffic
    }

    /// Tells of changes by all nodes. Those of this node are told twice: at once, and when they come back.
    public func observeChanges(includesForeign: Bool, _ handler: @escaping @Sendable (StoreChange) -> Void) {
        observers.add(handler)
        guard includesForeign else { return }
        database.listen { event in
            switch event {
            case .heard: handler(.everything)
            case .lost: handler(.unheard)
            case .message(let payload): handler(PostgresSignal.read(payload))
            // The method that made the change has told of it.
            case .changed: break
            }
        }
    }
}
