import TesseraCore
import TesseraHosting
import TesseraServer
import TesseraStores

/// Where a server looks up presented tokens first.
enum ReplicaParameter {
    static let replica = Parameter.option(
        "--replica", .replica,
        "A standby of a PostgreSQL --database, where tokens are looked up first.",
        environment: "TESSERA_REPLICA")

    /// - Throws: When there can be no replica of the database that was named.
    static func check(_ invocation: Invocation) throws(UsageError) {
        guard invocation[replica] != nil else { return }
        switch invocation[CommonParameters.database] {
        case .postgres: break
        case .sqlite, .sqliteInMemory: throw UsageError("--replica needs a PostgreSQL --database.")
        }
    }

    /// Everything that is kept, read by way of the replica where one was named; `log` tells what becomes of that.
    static func store(
        of database: Database, _ invocation: Invocation, _ log: Log
    ) throws(StoreError) -> any Store {
        guard let replica = invocation[replica] else { return database.store }
        return try database.store(lookingUpAt: replica) { notice in
            switch notice {
            case .used: log.info("tokens are looked up at the replica \(replica)")
            case .unused(let why):
                log.warning("tokens are not looked up at the replica \(replica) but at the primary: \(why)")
            }
        }
    }
}

extension ArgumentKind<PostgresURL> {
    fileprivate static var replica: ArgumentKind {
        ArgumentKind("URL") { text throws(ArgumentKindError) in
            guard case .postgres(let url) = try ArgumentKind<DatabaseURL>.database.read(text) else {
                throw ArgumentKindError("A replica is named as postgres://USER@HOST:PORT/DATABASE.")
            }
            return url
        }
    }
}
