public import TesseraCore

/// Everything that Tessera keeps, in a PostgreSQL database that any number of nodes share.
///
/// The statements of each aggregate stand in a file of their own. A look-up is one statement and a change a short list of
/// statements, sent in one go; what a change decides, it decides in SQL, on what it has locked. Every change that the
/// other nodes have to see tells them in the transaction that makes it: see ``PostgresSignal``.
public final class PostgresStore: Sendable {
    /// The database, for what else a program keeps in it.
    public let database: PostgresDatabase
    /// Where presented tokens are looked up first, if anywhere.
    let replica: PostgresReplica?
    let observers = StoreObservers()

    /// - Parameters:
    ///   - database: Migrated with ``Migrator/tesseraOnPostgres``, or about to be.
    ///   - replica: A standby of it where presented tokens are looked up first; `nil` for none.
    public init(database: PostgresDatabase, replica: PostgresReplica? = nil) {
        self.database = database
        self.replica = replica
    }

    /// Opens a database.
    ///
    /// - Parameter migrate: Whether pending migrations are applied. Otherwise they are an error that names them.
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

    /// Closes the connections after finishing what is under way.
    public func close() {
        database.close()
        replica?.close()
    }

    /// Runs a statement that changes something and writes the event, whose values come behind the others.
    ///
    /// - Returns: Whether it answered a row: whether there was something to change.
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
    public func checkReadiness() async throws(StoreError) {
        try await Migrator.tesseraOnPostgres.status(database).requireAllApplied()
    }

    public var hearsForeignChanges: (@Sendable () -> Bool)? {
        let hearing = database.hearing
        return { hearing.isCertain }
    }

    public func traffic() -> StoreTraffic? {
        var traffic = database.traffic
        traffic.replica = replica?.traffic
        return traffic
    }

    /// Changes made on this node are told twice: at once, and when they come back like those of others.
    public func observeChanges(includesForeign: Bool, _ handler: @escaping @Sendable (StoreChange) -> Void) {
        observers.add(handler)
        guard includesForeign else { return }
        database.listen { event in
            switch event {
            case .heard: handler(.everything)
            case .lost: handler(.unheard)
            case .message(let payload): handler(PostgresSignal.read(payload))
            // The method that has changed it tells what that was.
            case .changed: break
            }
        }
    }
}
