public import TesseraCore
import TesseraCrypto

/// Migrations of a SQLite database.
extension Migrator {
    /// Applies the pending migrations. Those that ``down(to:_:)`` has taken back are applied again only on request.
    ///
    /// - Parameter evenIfTakenBack: Also applies migrations that were taken back.
    /// - Returns: The migrations that this call has applied.
    /// - Throws: ``StoreError``: `.notMigrated` when an applied migration was edited since, a newer version has migrated the
    ///   database, or a pending migration was taken back.
    @discardableResult
    public func up(
        _ database: SQLiteDatabase, evenIfTakenBack: Bool = false
    ) async throws(StoreError) -> [Status] {
        // First without the write lock, because there is nearly always nothing to do.
        var pending = try status(database).filter { !$0.isApplied }
        let isHeld = try database.reading { connection in try self.isHeld(connection) }
        if isHeld, !evenIfTakenBack { try requireNothingTakenBack(pending) }
        var done: [Status] = []
        while !pending.isEmpty {
            let applied = try await database.writing { connection in
                if !evenIfTakenBack, try self.isHeld(connection) {
                    try requireNothingTakenBack(statuses(try standing(connection)))
                }
                return try applyNext(connection)
            }
            guard let applied else { break }
            done.append(applied)
            pending.removeFirst()
        }
        if evenIfTakenBack, isHeld {
            _ = try await database.writing { connection in
                try connection.execute("DELETE FROM schema_hold WHERE set_name = ?", [.text(set)])
            }
        }
        return done
    }

    /// Takes back every applied migration above `version`, the newest first. The data in their tables is lost. They stay back
    /// until ``up(_:evenIfTakenBack:)`` requests them.
    ///
    /// - Parameter version: The last migration to keep; 0 takes back all.
    /// - Returns: The migrations that this call has taken back.
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

    /// The status of each migration, in their order.
    ///
    /// - Throws: ``StoreError`` as ``up(_:)`` does.
    public func status(_ database: SQLiteDatabase) throws(StoreError) -> [Status] {
        statuses(try database.reading { connection in try standing(connection) })
    }

    /// The number of applied migrations, as one connection sees them.
    ///
    /// - Throws: ``StoreError`` as ``up(_:)`` does.
    func appliedCount(_ connection: SQLiteConnection) throws(StoreError) -> Int {
        do { return try standing(connection).count } catch { throw StoreError(wrapping: error) }
    }

    // MARK: Steps

    private func applyNext(_ connection: SQLiteConnection) throws -> Status? {
        try connection.executeScript(Self.table)
        if try !Self.hasRequirements(connection) {
            try connection.executeScript("ALTER TABLE schema_migration ADD COLUMN requires INTEGER")
        }
        let count = try standing(connection).count
        guard count < migrations.count else { return nil }
        let next = migrations[count]
        try run(next.up, of: next, connection)
        try connection.execute(
            "INSERT INTO schema_migration (set_name, version, name, checksum, requires, applied_at) VALUES (?, ?, ?, ?, ?, unixepoch() * 1000)",
            [
                .text(set), .integer(next.version), .text(next.name), .blob(next.checksum.bytes),
                .integer(next.requires.map(Int64.init)),
            ])
        return Status(version: next.version, name: next.name, isApplied: true)
    }

    private func revertLast(above version: Int, _ connection: SQLiteConnection) throws -> Status? {
        guard let last = try lastToRevert(above: version, try standing(connection)) else { return nil }
        try run(last.down, of: last, connection)
        try connection.execute(
            "DELETE FROM schema_migration WHERE set_name = ? AND version = ?",
            [.text(set), .integer(last.version)])
        try connection.executeScript(
            "CREATE TABLE IF NOT EXISTS schema_hold (set_name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")
        try connection.execute("INSERT OR IGNORE INTO schema_hold (set_name) VALUES (?)", [.text(set)])
        return Status(version: last.version, name: last.name, isApplied: false)
    }

    private func run(
        _ script: String, of migration: Migration, _ connection: SQLiteConnection
    ) throws {
        connection.allowsSchemaText(migration.changesSchemaText)
        defer { connection.allowsSchemaText(false) }
        do throws(StoreError) {
            try connection.executeScript(script)
        } catch {
            throw failure(of: migration, error)
        }
    }

    /// Reports whether migrations of the set were taken back and not requested since.
    private func isHeld(_ connection: SQLiteConnection) throws -> Bool {
        guard try Self.hasTable("schema_hold", connection) else { return false }
        return try connection.first(
            "SELECT count(*) FROM schema_hold WHERE set_name = ?", [.text(set)]
        ) { row in try row.integer(0) } == 1
    }

    private static func hasTable(_ name: String, _ connection: SQLiteConnection) throws -> Bool {
        try connection.first(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", [.text(name)]
        ) { row in try row.integer(0) } == 1
    }

    private func standing(_ connection: SQLiteConnection) throws -> Standing {
        guard try Self.hasTable("schema_migration", connection) else { return Standing() }
        let requires = try Self.hasRequirements(connection) ? "coalesce(requires, version)" : "version"
        return try standing(
            try connection.query(
                "SELECT version, name, checksum, \(requires) FROM schema_migration WHERE set_name = ? ORDER BY version",
                [.text(set)]
            ) { row in
                AppliedMigration(
                    version: Int(try row.integer(0)), name: try row.text(1), checksum: try row.blob(2),
                    requires: Int(try row.integer(3)))
            })
    }

    /// Reports whether the table has the column, which is newer than the table.
    private static func hasRequirements(_ connection: SQLiteConnection) throws -> Bool {
        try connection.first(
            "SELECT count(*) FROM pragma_table_info('schema_migration') WHERE name = 'requires'"
        ) { row in try row.integer(0) } == 1
    }

    private static let table = """
        CREATE TABLE IF NOT EXISTS schema_migration (
            set_name   TEXT    NOT NULL,
            version    INTEGER NOT NULL,
            name       TEXT    NOT NULL,
            checksum   BLOB    NOT NULL,
            applied_at INTEGER NOT NULL,
            requires   INTEGER,
            PRIMARY KEY (set_name, version)
        ) STRICT, WITHOUT ROWID
        """
}
