import TesseraCore

/// A table that both databases have, and the statements that copy its rows.
struct CopiedTable: Sendable {
    /// The type of a key of the source.
    enum Key: Sendable {
        case integer, blob, text
    }

    /// The number of rows in one transaction: so few that it ends long before the time limit of a statement.
    static let batch = 5_000

    /// The name in PostgreSQL.
    let name: String
    let columns: [Column]
    /// The type of the key by which the source is read.
    let key: Key
    let read: SQLText
    let insert: SQLText
    /// Reads the rows of the target after a key, which is the first column.
    let readBack: SQLText

    /// - Parameters:
    ///   - source: The name in SQLite.
    ///   - sourceKey: The column by which the source is read.
    ///   - key: The type of this key.
    ///   - columns: The columns, of which the first is the primary key of the target.
    init(_ name: String, from source: String, by sourceKey: String, _ key: Key, _ columns: [Column]) {
        self.name = name
        self.key = key
        self.columns = columns
        let names = columns.names
        let originals = columns.map(\.sqliteSource).joined(separator: ", ")
        read = SQLText(
            """
            SELECT \(originals), \(sourceKey) FROM \(source)
            WHERE ?1 IS NULL OR \(sourceKey) > ?1 ORDER BY \(sourceKey) LIMIT \(Self.batch)
            """)
        let others = columns.dropFirst()
        // The row may exist already, from a copy that continued after a change of the source.
        insert = SQLText(
            """
            INSERT INTO \(name) AS old (\(names)) OVERRIDING SYSTEM VALUE
            \(columns.rows)
            ON CONFLICT (\(columns[0].name)) DO UPDATE
            SET \(others.map { "\($0.name) = excluded.\($0.name)" }.joined(separator: ", "))
            WHERE (\(others.map { "old.\($0.name)" }.joined(separator: ", ")))
                IS DISTINCT FROM (\(others.map { "excluded.\($0.name)" }.joined(separator: ", ")))
            """)
        readBack = SQLText(
            """
            SELECT \(names) FROM \(name)
            WHERE $1::\(columns[0].type) IS NULL OR \(columns[0].name) > $1
            ORDER BY \(columns[0].name) LIMIT \(Self.batch)
            """)
    }

    /// All tables, in an order in which no row refers to one that is copied later.
    static let all = [
        CopiedTable("account", from: "user", by: "number", .integer, User.storedColumns),
        CopiedTable(
            "irregular_address", from: "irregular_address", by: "user_number", .integer,
            [.account, Column("email_key", .text)]),
        CopiedTable("scope", from: "scope", by: "name", .text, ScopeDefinition.columns),
        CopiedTable("session", from: "session", by: "digest", .blob, Session.storedColumns),
        CopiedTable("api_token", from: "api_token", by: "key", .integer, AccessToken.storedColumns),
        CopiedTable("refusal", from: "refusal", by: "id", .blob, Refusal.columns),
        CopiedTable("audit_event", from: "audit_event", by: "id", .blob, AuditEvent.columns),
        CopiedTable(
            "request", from: "request", by: "number", .integer,
            [Column("number", .integer)] + TokenRequest.columns),
        CopiedTable(
            "freed_address", from: "freed_address", by: "address", .text,
            [
                Column("address", .text), Column("account_id", .identifier, sqlite: "user_id"),
                Column("freed_at", .instant),
            ]),
        CopiedTable("claim", from: "claim", by: "key", .blob, Claim.storedColumns),
        CopiedTable(
            "installation_secret", from: "installation_secret", by: "name", .text,
            [Column("name", .text), Column("value", .bytes)]),
        CopiedTable(
            "token_prefix", from: "token_prefix", by: "prefix", .text,
            [Column("prefix", .text), Column("chosen_at", .instant)]),
        CopiedTable("job_run", from: "job_run", by: "name", .text, JobRun.columns),
    ]

    // MARK: Keys

    /// The key of the source, after the columns of a row.
    func sourceKey(_ row: borrowing SQLiteRow) throws(StoreError) -> SQLiteValue {
        switch key {
        case .integer: .integer(try row.integer(columns.count))
        case .blob: .blob(try row.blob(columns.count))
        case .text: .text(try row.text(columns.count))
        }
    }

    /// The form of a key in the target's note of progress.
    func position(of key: SQLiteValue) -> [UInt8] {
        switch key {
        case .integer(let integer): Array("\(integer)".utf8)
        case .blob(let bytes): bytes
        case .text(let text): Array(text.utf8)
        // No key of a table is read as these.
        case .real, .null, .words: []
        }
    }

    /// The key in a note of progress; `nil` when the note is not a key.
    func sourceKey(at position: [UInt8]) -> SQLiteValue? {
        switch key {
        case .integer: Int64(String(decoding: position, as: UTF8.self)).map { .integer($0) }
        case .blob: .blob(position)
        case .text: String(validating: position, as: UTF8.self).map { .text($0) }
        }
    }
}

extension CopiedTable {
    /// The values of a row in the form in which PostgreSQL gets many of them. What the databases write in different ways, such
    /// as the order of names in a JSON object, is equal in this form.
    func values(_ row: borrowing some ResultRow & ~Copyable) throws(StoreError) -> [PostgresValue] {
        var values: [PostgresValue] = []
        values.reserveCapacity(columns.count)
        for (index, column) in columns.enumerated() {
            values.append(row.isNull(index) ? .null : column.element(try Self.value(row, index, column.kind)))
        }
        return values
    }

    private static func value(
        _ row: borrowing some ResultRow & ~Copyable, _ index: Int, _ kind: Column.Kind
    ) throws(StoreError) -> PostgresValue {
        switch kind {
        case .account, .identifier: .identifier(try row.identifier(index) as Identifier<Never>)
        case .instant: .instant(try row.instant(index))
        case .text: .text(try row.text(index))
        case .boolean: .boolean(try row.boolean(index))
        case .integer: .integer(try row.integer(index))
        case .bytes: .bytes(try row.bytes(index))
        case .scope: .scope(try row.scope(index))
        case .metadata: .metadata(try row.metadata(index))
        case .address: .address(try row.addressOrNil(index))
        }
    }
}
