import TesseraCore
import TesseraPostgres
import TesseraServer
import TesseraStores

/// The replica at which a server checks tokens first.
enum ReplicaParameter {
    static let replica = Parameter.option(
        "--replica", .replica,
        "A standby of the PostgreSQL --database, at which tokens are checked first.",
        environment: "TESSERA_REPLICA")

    /// Checks the option.
    ///
    /// - Throws: ``UsageError`` if the database cannot have a replica.
    static func check(_ invocation: Invocation) throws(UsageError) {
        guard invocation[replica] != nil else { return }
        switch invocation[CommonParameters.database] {
        case .postgres: break
        case .sqlite, .sqliteInMemory: throw UsageError("--replica needs a PostgreSQL --database.")
        }
    }

    /// Returns the store, which reads through the replica if one is given; `log` gets messages about its state.
    static func store(
        of database: Database, _ invocation: Invocation, _ log: Log
    ) throws(StoreError) -> any Store {
        guard let replica = invocation[replica] else { return database.store }
        return try database.store(lookingUpAt: replica) { notice in
            switch notice {
            case .used: log.info("tokens are checked at the replica \(replica)")
            case .unused(let why):
                log.warning("tokens are checked at the primary instead of the replica \(replica): \(why)")
            }
        }
    }
}

extension ArgumentKind<PostgresURL> {
    fileprivate static var replica: ArgumentKind {
        ArgumentKind("URL") { text throws(ArgumentKindError) in
            guard case .postgres(let url) = try ArgumentKind<DatabaseURL>.database.read(text) else {
                throw ArgumentKindError("expected postgres://USER@HOST:PORT/DATABASE.")
            }
            return url
        }
    }
}
