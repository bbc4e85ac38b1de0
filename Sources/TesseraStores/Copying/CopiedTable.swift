import TesseraCore

/// A table as it stands in both databases, and the statements that move its rows.
struct CopiedTable: Sendable {
    /// How a key of the source is noted down.
    enum Key: Sendable {
        case integer, blob, text
    }

    /// How many rows go together: so few that they are stored long before the server would give up.
    static let batch = 5_000

    /// What it is called in PostgreSQL.
    let name: String
    let columns: [CopiedColumn]
    /// The key in the order of which the source is read.
    let key: Key
    let read: SQLText
    let insert: SQLText
    /// Reads the rows of the target behind a key of its own, which is the first column.
    let readBack: SQLText

    /// - Parameters:
    ///   - source: What it is called in SQLite.
    ///   - sourceKey: What the source is read in the order of, and how that is noted down.
    ///   - columns: The first is the primary key of the target.
    init(_ name: String, from source: String, by sourceKey: String, _ key: Key, _ columns: [CopiedColumn]) {
        self.name = name
        self.key = key
        self.columns = columns
        let names = columns.map(\.name).joined(separator: ", ")
        let originals = columns.map(\.original).joined(separator: ", ")
        read = SQLText(
            """
            SELECT \(originals), \(sourceKey) FROM \(source)
            WHERE ?1 IS NULL OR \(sourceKey) > ?1 ORDER BY \(sourceKey) LIMIT \(Self.batch)
            """)
        let others = columns.dropFirst()
        let arrays = columns.enumerated().map { "$\($0 + 1)::\($1.sqlType)[]" }.joined(separator: ", ")
        // A row may be there from a copy that went on after the source had changed.
        insert = SQLText(
            """
            INSERT INTO \(name) AS old (\(names)) OVERRIDING SYSTEM VALUE
            SELECT \(columns.map(\.insertion).joined(separator: ", ")) FROM unnest(\(arrays)) AS new (\(names))
            ON CONFLICT (\(columns[0].name)) DO UPDATE
            SET \(others.map { "\($0.name) = excluded.\($0.name)" }.joined(separator: ", "))
            WHERE (\(others.map { "old.\($0.name)" }.joined(separator: ", ")))
                IS DISTINCT FROM (\(others.map { "excluded.\($0.name)" }.joined(separator: ", ")))
            """)
        readBack = SQLText(
            """
            SELECT \(names) FROM \(name)
            WHERE $1::\(columns[0].sqlType) IS NULL OR \(columns[0].name) > $1
            ORDER BY \(columns[0].name) LIMIT \(Self.batch)
            """)
    }

    /// In an order in which no row refers to one that is not there yet.
    static let all = [
        CopiedTable(
            "account", from: "user", by: "number", .integer,
            [
                .init("id", .identifier), .init("email", .text), .init("username", .text),
                .init("password_hash", .text), .init("is_operator", .boolean), .init("created_at", .instant),
                .init("disabled_at", .instant), .init("email_text", .text),
            ]),
        CopiedTable(
            "irregular_address", from: "irregular_address", by: "user_number", .integer,
            [account, .init("email_key", .text)]),
        CopiedTable(
            "scope", from: "scope", by: "name", .text,
            [.init("name", .text), .init("description", .text), .init("is_for_operators", .boolean)]),
        CopiedTable(
            "session", from: "session", by: "digest", .blob,
            [
                .init("digest", .bytes), .init("id", .identifier), account, .init("started_at", .instant),
                .init("authenticated_at", .instant), .init("last_seen_at", .instant),
                .init("expires_at", .instant), .init("user_agent", .text), .init("address", .text),
            ]),
        CopiedTable(
            "api_token", from: "api_token", by: "key", .integer,
            [
                .init("digest", .bytes), .init("id", .identifier), account, .init("kind", .text),
                .init("name", .text), .init("scopes", .scope), .init("last_four", .text),
                .init("created_at", .instant), .init("expires_at", .instant), .init("revoked_at", .instant),
                .init("suspended_at", .instant), .init("last_used_at", .instant),
                .init("last_used_from", .address), .init("replaces", .identifier),
                .init("replaced_by", .identifier), .init("metadata", .metadata),
            ]),
        CopiedTable(
            "refusal", from: "refusal", by: "id", .blob,
            [
                .init("id", .identifier), .init("at", .instant), .init("cause", .text),
                .init("status", .integer), .init("method", .text), .init("path", .text),
                .init("address", .text), .init("token_id", .identifier), .init("owner_id", .identifier),
                .init("needed", .scope), .init("held", .scope), .init("since", .instant),
                .init("origin", .text), .init("hint", .text), .init("detail", .text),
            ]),
        CopiedTable(
            "audit_event", from: "audit_event", by: "id", .blob,
            [
                .init("id", .identifier), .init("at", .instant), .init("action", .text),
                .init("actor", .text), .init("account_id", .identifier, original: "user_id"),
                .init("token_id", .identifier), .init("subject", .text), .init("address", .text),
            ]),
        CopiedTable(
            "request", from: "request", by: "number", .integer,
            [
                .init("number", .integer), .init("id", .identifier), .init("at", .instant),
                .init("token_id", .identifier), .init("owner_id", .identifier), .init("method", .text),
                .init("path", .text), .init("status", .integer), .init("address", .text),
            ]),
        CopiedTable(
            "freed_address", from: "freed_address", by: "address", .text,
            [
                .init("address", .text), .init("account_id", .identifier, original: "user_id"),
                .init("freed_at", .instant),
            ]),
        CopiedTable(
            "claim", from: "claim", by: "key", .blob,
            [
                .init("key", .bytes), .init("holder", .identifier), .init("fingerprint", .bytes),
                .init("claimed_at", .instant), .init("expires_at", .instant), .init("status", .integer),
                .init("location", .text), .init("media_type", .text), .init("body", .bytes),
            ]),
        CopiedTable(
            "installation_secret", from: "installation_secret", by: "name", .text,
            [.init("name", .text), .init("value", .bytes)]),
        CopiedTable(
            "token_prefix", from: "token_prefix", by: "prefix", .text,
            [.init("prefix", .text), .init("chosen_at", .instant)]),
        CopiedTable(
            "job_run", from: "job_run", by: "name", .text,
            [
                .init("name", .text), .init("at", .instant), .init("duration", .integer),
                .init("rows", .integer), .init("waiting", .integer), .init("failures", .integer),
                .init("complaint", .text),
            ]),
    ]

    private static let account = CopiedColumn(
        "account_id", .identifier, original: "(SELECT id FROM user WHERE number = user_number)")

    // MARK: Keys

    /// The key of the source behind the columns of a row.
    func sourceKey(_ row: borrowing SQLiteRow) throws(StoreError) -> SQLiteValue {
        switch key {
        case .integer: .integer(try row.integer(columns.count))
        case .blob: .blob(try row.blob(columns.count))
        case .text: .text(try row.text(columns.count))
        }
    }

    /// The key as it is noted down in the target.
    func position(of key: SQLiteValue) -> [UInt8] {
        switch key {
        case .integer(let integer): Array("\(integer)".utf8)
        case .blob(let bytes): bytes
        case .text(let text): Array(text.utf8)
        // No key of a table is read as these.
        case .real, .null, .words: []
        }
    }

    /// The key that was noted down; `nil` when it cannot be one.
    func sourceKey(at position: [UInt8]) -> SQLiteValue? {
        switch key {
        case .integer: Int64(String(decoding: position, as: UTF8.self)).map { .integer($0) }
        case .blob: .blob(position)
        case .text: String(validating: position, as: UTF8.self).map { .text($0) }
        }
    }
}

extension CopiedColumn {
    /// The name of ``type``.
    fileprivate var sqlType: String {
        switch kind {
        case .identifier: "uuid"
        case .instant: "timestamptz"
        case .text, .scope: "text"
        case .boolean: "boolean"
        case .integer: "bigint"
        case .bytes: "bytea"
        case .metadata: "jsonb"
        case .address: "inet"
        }
    }
}
