import Glibc
public import TesseraCore
import TesseraCrypto

/// Migrations of a PostgreSQL database.
extension Migrator {
    /// Applies the pending migrations. Those that ``down(to:_:)`` has taken back are applied again only on request.
    ///
    /// - Parameter evenIfTakenBack: Also applies migrations that were taken back.
    /// - Returns: The migrations that this call has applied.
    /// - Throws: ``StoreError``: `.notMigrated` when an applied migration was edited since, a newer version has migrated the
    ///   database, or a pending migration was taken back.
    @discardableResult
    public func up(
        _ database: PostgresDatabase, evenIfTakenBack: Bool = false
    ) async throws(StoreError) -> [Status] {
        // First without a lock, because there is nearly always nothing to do.
        if !evenIfTakenBack, try await status(database).allSatisfy(\.isApplied) { return [] }
        return try await database.session { connection in
            var done: [Status] = []
            while let applied = try inTransaction(
                connection,
                {
                    if !evenIfTakenBack, try isHeld(connection) {
                        try connection.runScript(Self.table)
                        try requireNothingTakenBack(statuses(try standing(connection)))
                    }
                    return try applyNext(connection)
                })
            {
                done.append(applied)
            }
            if evenIfTakenBack, try isHeld(connection) {
                _ = try connection.run("DELETE FROM schema_hold WHERE set_name = $1", [.text(set)])
            }
            return done
        }
    }

    /// Takes back every applied migration above `version`, the newest first. The data in their tables is lost. They stay back
    /// until ``up(_:evenIfTakenBack:)`` requests them.
    ///
    /// - Parameter version: The last migration to keep; 0 takes back all.
    /// - Returns: The migrations that this call has taken back.
    @discardableResult
    public func down(to version: Int, _ database: PostgresDatabase) async throws(StoreError) -> [Status] {
        try await database.session { connection in
            var done: [Status] = []
            while let reverted = try inTransaction(connection, { try revertLast(above: version, connection) })
            {
                done.append(reverted)
            }
            return done
        }
    }

    /// The status of each migration, in their order.
    ///
    /// - Throws: ``StoreError`` as ``up(_:)`` does.
    public func status(_ database: PostgresDatabase) async throws(StoreError) -> [Status] {
        let hasTable = try await database.first(Self.tableExists) { row in try row.boolean(0) }
        guard hasTable == true else { return statuses(Standing()) }
        return statuses(try standing(try await database.query(Self.applied, [.text(set)], Self.read)))
    }

    // MARK: Steps

    /// Runs one step while no other process runs one, as a whole or not at all: the server rolls back an interrupted step.
    ///
    /// A statement that waits for the lock of a table makes all later ones wait, including checks of tokens. So the wait is short,
    /// and repeated.
    private func inTransaction(
        _ connection: PostgresConnection, _ step: () throws -> Status?
    ) throws -> Status? {
        for attempt in 1... {
            do {
                // The lock ends with the transaction. CockroachDB has no such locks; there, the primary key of the table lets
                // only one of two succeed.
                try connection.runScript(
                    """
                    BEGIN; SET LOCAL lock_timeout = '10min'; SELECT pg_advisory_xact_lock(\(Self.lock));
                    SET LOCAL lock_timeout = '\(Self.lockTimeout)'
                    """)
                let status = try step()
                try connection.runScript("COMMIT")
                return status
            } catch let busy as TableIsBusy {
                try connection.runScript("ROLLBACK")
                if attempt == Self.attempts { throw failure(of: busy.migration, Self.stillBusy) }
                usleep(Self.pause)
            }
        }
        return nil
    }

    /// The error of a migration that has not got the lock of a table in time.
    private struct TableIsBusy: Error {
        let migration: Migration
    }

    private static let lockTimeout = "1s"
    private static let attempts = 60
    /// The pause between two attempts, in microseconds, in which waiting statements run.
    private static let pause: UInt32 = 1_000_000
    private static let stillBusy = StoreError(
        .unavailable,
        "a table is in use by a transaction that does not end; nothing was changed. See pg_stat_activity.")

    private func applyNext(_ connection: PostgresConnection) throws -> Status? {
        try connection.runScript(Self.table)
        let count = try standing(connection).count
        guard count < migrations.count else { return nil }
        let next = migrations[count]
        try run(next.up, of: next, connection)
        _ = try connection.run(
            "INSERT INTO schema_migration (set_name, version, name, checksum, requires, applied_at) VALUES ($1, $2, $3, $4, $5, now())",
            [
                .text(set), .integer(next.version), .text(next.name), .bytes(next.checksum.bytes),
                .integer(next.requires.map(Int64.init)),
            ])
        return Status(version: next.version, name: next.name, isApplied: true)
    }

    private func revertLast(above version: Int, _ connection: PostgresConnection) throws -> Status? {
        let hasTable = try connection.run(Self.tableExists.text, []).first(0) { row in try row.boolean(0) }
        guard hasTable == true else { return nil }
        guard let last = try lastToRevert(above: version, try standing(connection)) else { return nil }
        try run(last.down, of: last, connection)
        _ = try connection.run(
            "DELETE FROM schema_migration WHERE set_name = $1 AND version = $2",
            [.text(set), .integer(last.version)])
        try connection.runScript("CREATE TABLE IF NOT EXISTS schema_hold (set_name text PRIMARY KEY)")
        _ = try connection.run(
            "INSERT INTO schema_hold (set_name) VALUES ($1) ON CONFLICT DO NOTHING", [.text(set)])
        return Status(version: last.version, name: last.name, isApplied: false)
    }

    private func run(
        _ script: String, of migration: Migration, _ connection: PostgresConnection
    ) throws {
        let isDone: Bool
        do throws(StoreError) {
            isDone = try connection.runScriptUnlessLocked(script)
        } catch {
            throw failure(of: migration, error)
        }
        guard isDone else { throw TableIsBusy(migration: migration) }
    }

    /// Reports whether migrations of the set were taken back and not requested since.
    private func isHeld(_ connection: PostgresConnection) throws -> Bool {
        let hasTable = try connection.run(Self.holdExists.text, []).first(0) { row in try row.boolean(0) }
        guard hasTable == true else { return false }
        return try connection.run(
            "SELECT EXISTS (SELECT FROM schema_hold WHERE set_name = $1)", [.text(set)]
        ).first(0) { row in try row.boolean(0) } == true
    }

    private func standing(_ connection: PostgresConnection) throws -> Standing {
        try standing(try connection.run(Self.applied.text, [.text(set)]).rows(0, Self.read))
    }

    private static func read(_ row: borrowing PostgresRow) throws -> AppliedMigration {
        AppliedMigration(
            version: Int(try row.integer(0)), name: try row.text(1), checksum: try row.bytes(2),
            requires: Int(try row.integer(3)))
    }

    /// The number of the lock: "tessera" in ASCII. All sets share it, so that only one process migrates at a time.
    private static let lock = 0x0074_6573_7365_7261

    private static let holdExists = SQLText("SELECT to_regclass('schema_hold') IS NOT NULL")
    private static let tableExists = SQLText("SELECT to_regclass('schema_migration') IS NOT NULL")
    // The column is newer than the table; a row as JSON may lack it.
    private static let applied = SQLText(
        """
        SELECT version, name, checksum, coalesce((to_jsonb(m) ->> 'requires')::bigint, version)
        FROM schema_migration m WHERE set_name = $1 ORDER BY version
        """)

    private static let table = """
        CREATE TABLE IF NOT EXISTS schema_migration (
            set_name   text        NOT NULL,
            version    bigint      NOT NULL,
            name       text        NOT NULL,
            checksum   bytea       NOT NULL,
            applied_at timestamptz NOT NULL,
            PRIMARY KEY (set_name, version)
        );
        ALTER TABLE schema_migration ADD COLUMN IF NOT EXISTS requires bigint
        """
}
