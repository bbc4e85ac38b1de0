public import TesseraCore
import TesseraCrypto

/// A copy of all data from a SQLite file into an empty PostgreSQL database. Identifiers and digests stay the same, so that every
/// token and session keeps working.
///
/// The source is locked against changes meanwhile. The target notes the progress in the transaction of the rows themselves, so
/// that an interrupted copy continues where it stopped. At the end, both databases are read and their rows compared.
public struct DatabaseCopy: Sendable {
    /// A table with the same rows in both databases.
    public struct Table: Sendable {
        /// The name in PostgreSQL.
        public let name: String
        /// The digest of its rows.
        public let digest: TableDigest
    }

    /// The progress of a copy.
    public enum Progress: Sendable, Hashable {
        /// The number of rows of this table that this run has copied.
        case copied(table: String, rows: Int)
        /// The number of rows of this table that were compared.
        case compared(table: String, rows: Int)
    }

    private let path: String
    private let target: PostgresDatabase
    private let progress: @Sendable (Progress) -> Void

    /// - Parameters:
    ///   - source: The SQLite file, with all migrations applied.
    ///   - target: The target with all migrations applied, either empty or from an interrupted copy of the same source.
    public init(
        from source: String, to target: PostgresDatabase,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        path = source
        self.target = target
        self.progress = progress
    }

    /// Copies and compares.
    ///
    /// - Returns: The tables, which are now equal in both databases.
    /// - Throws: ``StoreError`` with a sentence for the operator: the target has another installation, or differs at the end.
    ///   After most other errors, the same call continues where this one has stopped.
    public func run() async throws(StoreError) -> [Table] {
        do {
            let source = try SQLiteConnection(path: path, access: .writing)
            // From here on nothing else writes; a server on this file answers that its store is unavailable.
            try source.beginWriting()
            defer { source.rollBack() }
            try await begin(source)
            for table in CopiedTable.all { try await copy(table, source) }
            var tables: [Table] = []
            for table in CopiedTable.all { tables.append(try await compare(table, source)) }
            try await finish()
            return tables
        } catch {
            throw StoreError(wrapping: error)
        }
    }

    // MARK: Steps

    private static let source = "source"
    private static let position = SQLText("SELECT position FROM copy_cursor WHERE name = $1")
    private static let notePosition = SQLText(
        """
        INSERT INTO copy_cursor (name, position) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET position = excluded.position
        """)
    private static let isInUse = SQLText(
        """
        SELECT EXISTS (SELECT FROM account) OR EXISTS (SELECT FROM api_token) OR EXISTS (SELECT FROM scope)
            OR EXISTS (SELECT FROM installation_secret) OR EXISTS (SELECT FROM audit_event)
        """)
    // No node should use the target yet. One that does must forget the rows that a second copy changes.
    private static let tell = SQLText("SELECT \(PostgresSignal.everything)")
    private static let startAnew = SQLText("DELETE FROM copy_cursor WHERE name <> $1")
    private static let forget = SQLText("DELETE FROM copy_cursor")
    // The next number must come after the copied ones.
    private static let goOnCounting = SQLText(
        """
        SELECT setval(pg_get_serial_sequence('request', 'number'), greatest(1, max(number)), max(number) IS NOT NULL)
        FROM request
        """)

    /// Checks that the target belongs to a copy of this source.
    private func begin(_ source: SQLiteConnection) async throws {
        let fingerprint = try Self.fingerprint(source)
        let known = try await target.first(Self.position, [.text(Self.source)]) { row in try row.bytes(0) }
        if let known {
            guard known == fingerprint else {
                throw StoreError(.corrupt, "The target holds the beginning of a copy of another database.")
            }
            return
        }
        let isInUse = try await target.first(Self.isInUse) { row in try row.boolean(0) }
        guard isInUse == false else {
            throw StoreError(
                .corrupt, "The target holds an installation already; copy into an empty database.")
        }
        let note = PostgresStep(Self.notePosition, [.text(Self.source), .bytes(fingerprint)])
        try await target.change([note], locking: .several) { _ in }
    }

    /// The digest of the installation's secrets and of its first user, which no other installation has.
    private static func fingerprint(_ source: SQLiteConnection) throws -> [UInt8] {
        let secrets = try source.query("SELECT value FROM installation_secret ORDER BY name") { row in
            try row.blob(0)
        }
        let first = try source.query("SELECT id FROM user ORDER BY id LIMIT 1") { row in try row.blob(0) }
        return SHA256.digest(of: Array((secrets + first).joined())).bytes
    }

    private func copy(_ table: CopiedTable, _ source: SQLiteConnection) async throws {
        let noted = try await target.first(Self.position, [.text(table.name)]) { row in try row.bytes(0) }
        var key = SQLiteValue.null
        if let noted {
            guard let known = table.sourceKey(at: noted) else {
                throw StoreError(.corrupt, "How far \(table.name) was copied cannot be told any more.")
            }
            key = known
        }
        var count = 0
        while true {
            let rows = try Self.read(table, after: key, source)
            guard let last = rows.last else { return }
            key = last.key
            let columns = table.columns.arrays(rows.map(\.values))
            let position = PostgresValue.bytes(table.position(of: key))
            try await target.change(
                [
                    PostgresStep(table.insert, columns),
                    PostgresStep(Self.notePosition, [.text(table.name), position]), PostgresStep(Self.tell),
                ], locking: .several
            ) { _ in }
            count += rows.count
            progress(.copied(table: table.name, rows: count))
        }
    }

    private static func read(
        _ table: CopiedTable, after key: SQLiteValue, _ source: SQLiteConnection
    ) throws -> [(values: [PostgresValue], key: SQLiteValue)] {
        try source.query(table.read, [key]) { row in
            (try table.values(row), try table.sourceKey(row))
        }
    }

    private func compare(_ table: CopiedTable, _ source: SQLiteConnection) async throws -> Table {
        var original = TableDigest()
        var key = SQLiteValue.null
        while true {
            let rows = try Self.read(table, after: key, source)
            guard let last = rows.last else { break }
            key = last.key
            for row in rows { original.add(row.values) }
        }
        var copy = TableDigest()
        var targetKey = PostgresValue.null
        while true {
            let rows = try await target.query(table.readBack, [targetKey]) { row in
                try table.values(row)
            }
            guard let last = rows.last else { break }
            targetKey = last[0]
            for row in rows { copy.add(row) }
            progress(.compared(table: table.name, rows: copy.rows))
        }
        guard copy == original else { throw try await difference(table, original, copy) }
        return Table(name: table.name, digest: original)
    }

    /// The error for a source that has changed between two runs. The next run copies all rows again, but cannot find rows that are
    /// gone from the source.
    private func difference(
        _ table: CopiedTable, _ original: TableDigest, _ copy: TableDigest
    ) async throws -> StoreError {
        try await target.change(
            [PostgresStep(Self.startAnew, [.text(Self.source)])], locking: .several
        ) { _ in }
        let advice =
            copy.rows > original.rows
            ? "Rows are gone from the source since the copy was begun: copy into an empty database."
            : "The source has changed since the copy was begun: the same command goes over all rows once more."
        return StoreError(
            .corrupt,
            "\(table.name) differs: \(original.rows) rows in the source, \(copy.rows) in the target. \(advice)"
        )
    }

    private func finish() async throws {
        let steps = [PostgresStep(Self.goOnCounting), PostgresStep(Self.forget)]
        try await target.change(steps, locking: .several) { _ in }
    }
}
