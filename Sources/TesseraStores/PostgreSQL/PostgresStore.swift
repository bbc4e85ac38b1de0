public import TesseraCore

/// Everything that Tessera keeps, in a PostgreSQL database that any number of nodes share.
///
/// The statements of each aggregate stand in a file of their own. A look-up is one statement and a change a short list of
/// statements, sent in one go; what a change decides, it decides in SQL, on what it has locked. Every change that the
/// other nodes have to see tells them in the transaction that makes it: see ``PostgresSignal``.
public final class PostgresStore: Sendable {
    /// The database, for what else a program keeps in it.
    public let database: PostgresDatabase

    /// - Parameter database: Migrated with ``Migrator/tesseraOnPostgres``, or about to be.
    public init(database: PostgresDatabase) { self.database = database }

    /// Closes the connections after finishing what is under way.
    public func close() { database.close() }
}

extension PostgresStore: StoreHealth {
    public func checkReadiness() async throws(StoreError) {
        try await Migrator.tesseraOnPostgres.status(database).requireAllApplied()
    }

    /// Changes made on this node are told as well: they come back like those of others.
    public func observeForeignChanges(_ handler: @escaping @Sendable (ForeignChange) -> Void) {
        database.listen { event in
            switch event {
            case .heard: handler(.everything)
            case .lost: handler(.unheard)
            case .message(let payload): handler(PostgresSignal.read(payload))
            }
        }
    }
}
