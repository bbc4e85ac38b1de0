public import TesseraCore
import TesseraCrypto

/// On a SQLite database.
extension Migrator {
    /// Applies what is pending.
    ///
    /// - Returns: What was applied by this call.
    /// - Throws: ``StoreError``: `.notMigrated` when an applied migration was edited since, or the database was made by a
    ///   newer version.
    @discardableResult
    public func up(_ database: SQLiteDatabase) async throws(StoreError) -> [Status] {
        // Asked first without the write lock: nearly always there is nothing to do.
        var pending = try status(database).filter { !$0.isApplied }
        var done: [Status] = []
        while !pending.isEmpty {
            let applied = try await database.writing { connection in
                try applyNext(connection)
            }
            guard let applied else { break }
            done.append(applied)
            pending.removeFirst()
        }
        return done
    }

    /// Takes back every applied migration above `version`, the newest first. What they kept is lost.
    ///
    /// - Parameter version: The last one to keep; 0 takes back all.
    /// - Returns: What was taken back by this call.
    @discardableResult
    public func down(to version: Int, _ database: SQLiteDatabase) async throws(StoreError) -> [Status] {
        var done: [Status] = []
        while true {
            let reverted = try await database.writing { connection in
                try revertLast(above: version, connection)
            }
            guard let reverted else { return done }
            done.append(reverted)
        }
    }

    /// Where each migration stands, in order.
    ///
    /// - Throws: ``StoreError`` as ``up(_:)`` does.
    public func status(_ database: SQLiteDatabase) throws(StoreError) -> [Status] {
        let applied = try database.reading { connection in try verifiedCount(connection) }
        return statuses(applied: applied)
    }

    /// How many of the migrations are applied, as one connection sees it.
    ///
    /// - Throws: ``StoreError`` as ``up(_:)`` does.
    func appliedCount(_ connection: SQLiteConnection) throws(StoreError) -> Int {
        do { return try verifiedCount(connection) } catch { throw StoreError(wrapping: error) }
    }

    // MARK: Steps

    private func applyNext(_ connection: SQLiteConnection) throws -> Status? {
        try connection.executeScript(Self.table)
        let count = try verifiedCount(connection)
        guard count < migrations.count else { return nil }
        let next = migrations[count]
        try run(next.up, of: next, connection)
        try connection.execute(
            "INSERT INTO schema_migration (set_name, version, name, checksum, applied_at) VALUES (?, ?, ?, ?, unixepoch() * 1000)",
            [.text(set), .integer(next.version), .text(next.name), .blob(next.checksum.bytes)])
        return Status(version: next.version, name: next.name, isApplied: true)
    }

    private func revertLast(above version: Int, _ connection: SQLiteConnection) throws -> Status? {
        let count = try verifiedCount(connection)
        guard let last = migrations.prefix(count).last, last.version > version else { return nil }
        try run(last.down, of: last, connection)
        try connection.execute(
            "DELETE FROM schema_migration WHERE set_name = ? AND version = ?",
            [.text(set), .integer(last.version)])
        return Status(version: last.version, name: last.name, isApplied: false)
    }

    private func run(
        _ script: String, of migration: Migration, _ connection: SQLiteConnection
    ) throws {
        do throws(StoreError) {
            try connection.executeScript(script)
        } catch {
            throw failure(of: migration, error)
        }
    }

    /// How many of the migrations are applied, once it is certain that they are the ones we know.
    private func verifiedCount(_ connection: SQLiteConnection) throws -> Int {
        let tableCount = try connection.first(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'"
        ) { row in try row.integer(0) }
        guard tableCount == 1 else { return 0 }
        return try count(
            verifying: try connection.query(
                "SELECT version, name, checksum FROM schema_migration WHERE set_name = ? ORDER BY version",
                [.text(set)]
            ) { row in
                AppliedMigration(
                    version: Int(try row.integer(0)), name: try row.text(1), checksum: try row.blob(2))
            })
    }

    private static let table = """
        CREATE TABLE IF NOT EXISTS schema_migration (
            set_name   TEXT    NOT NULL,
            version    INTEGER NOT NULL,
            name       TEXT    NOT NULL,
            checksum   BLOB    NOT NULL,
            applied_at INTEGER NOT NULL,
            PRIMARY KEY (set_name, version)
        ) STRICT, WITHOUT ROWID
        """
}
