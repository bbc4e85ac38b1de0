public import TesseraCore
import TesseraCrypto

/// Moves everything that Tessera keeps from a SQLite file into an empty PostgreSQL database: same identifiers, same
/// digests, so that every token and session works on.
///
/// The source is locked against changes meanwhile. How far the copy has come is noted in the target, in the transaction of
/// the rows themselves: a copy that was interrupted goes on where it was. At the end both databases are read, and their
/// rows compared.
public struct DatabaseCopy: Sendable {
    /// One table of both databases, once they are known to hold the same.
    public struct Table: Sendable {
        public let name: String
        public let digest: TableDigest
    }

    /// How far it is.
    public enum Progress: Sendable, Hashable {
        /// So many rows of this table were copied by this run.
        case copied(table: String, rows: Int)
        /// So many rows of this table were compared.
        case compared(table: String, rows: Int)
    }

    private let path: String
    private let target: PostgresDatabase
    private let progress: @Sendable (Progress) -> Void

    /// - Parameters:
    ///   - source: The SQLite file; migrated.
    ///   - target: Migrated, and either empty or from a copy of the same source that was interrupted.
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
    /// - Returns: What both databases hold.
    /// - Throws: ``StoreError`` with a sentence for the operator: the target holds another installation, or differs in
    ///   the end. After most others the same call goes on where this one has stopped.
    public func run() async throws(StoreError) -> [Table] {
        do {
            let source = try SQLiteConnection(path: path, access: .writing)
            // Nobody writes from here on; a server on this file answers that its store is unavailable.
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
    // Nobody should serve on it yet. Who does all the same must not go on believing what a second copy has changed.
    private static let tell = SQLText("SELECT \(PostgresSignal.everything)")
    private static let startAnew = SQLText("DELETE FROM copy_cursor WHERE name <> $1")
    private static let forget = SQLText("DELETE FROM copy_cursor")
    // The next number comes behind those that were copied.
    private static let goOnCounting = SQLText(
        """
        SELECT setval(pg_get_serial_sequence('request', 'number'), greatest(1, max(number)), max(number) IS NOT NULL)
        FROM request
        """)

    /// Makes sure that the target belongs to a copy of this source.
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

    /// What one installation has and no other: its secrets, and who was the first to be there.
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

    /// The source has changed between two runs. The next one goes over all rows once more; what is gone from the source
    /// it cannot find.
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
