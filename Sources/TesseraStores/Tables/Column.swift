// Tables/: one description of each stored thing, which both databases and the copy between them use.
//
// `Refusal+Table.swift`, for example, has the columns in their order, the values of a row in that order, and the
// initializer that reads them back. `Column.swift` writes lists of names and parameters from the columns, `ResultRow.swift`
// and `BoundValue.swift` are what both databases have in common. Statements that decide something stay written by hand in
// `SQLite/` and `PostgreSQL/`.

/// A column of a table, as both databases have it.
struct Column: Sendable {
    /// The kind of value that a column holds.
    enum Kind: Sendable {
        /// An account: its identifier in PostgreSQL, its number in SQLite.
        case account
        case identifier, instant, text, boolean, integer, bytes, scope, metadata, address
    }

    /// The name in PostgreSQL.
    let name: String
    /// The name in SQLite.
    let sqliteName: String
    let kind: Kind

    /// - Parameter sqliteName: The name in SQLite where it is another.
    init(_ name: String, _ kind: Kind, sqlite sqliteName: String? = nil) {
        self.name = name
        self.sqliteName = sqliteName ?? name
        self.kind = kind
    }

    /// The account that a row belongs to.
    static let account = Column("account_id", .account, sqlite: "user_number")
    /// The digest by which a credential is found.
    static let digest = Column("digest", .bytes)
}

// MARK: - SQLite

extension Column {
    /// SQL that gives the value as PostgreSQL has it.
    var sqliteSource: String {
        kind == .account ? "(SELECT id FROM user WHERE number = \(sqliteName))" : sqliteName
    }
}

extension [Column] {
    /// The names in SQLite.
    var sqliteNames: String { map(\.sqliteName).joined(separator: ", ") }

    /// The parameters of a row in SQLite.
    ///
    /// - Parameter account: SQL that gives the number of the account, with one parameter.
    func sqliteParameters(account: String = "?") -> String {
        map { $0.kind == .account ? account : "?" }.joined(separator: ", ")
    }
}

// MARK: - PostgreSQL

extension Column {
    /// The type in PostgreSQL.
    var type: String {
        switch kind {
        case .account, .identifier: "uuid"
        case .instant: "timestamptz"
        case .text: "text"
        case .boolean: "boolean"
        case .integer: "bigint"
        case .bytes: "bytea"
        case .scope: "text[]"
        case .metadata: "jsonb"
        case .address: "inet"
        }
    }

    /// The type of an element when many rows are sent, one array for each column. Scopes are joined by spaces, which no name
    /// has: an array of arrays would have to be rectangular.
    var elementType: PostgresType {
        switch kind {
        case .account, .identifier: .uuid
        case .instant: .timestamptz
        case .text, .scope: .text
        case .boolean: .boolean
        case .integer: .int8
        case .bytes: .bytea
        case .metadata: .jsonb
        case .address: .inet
        }
    }

    /// The value in the form of an element.
    func element(_ value: PostgresValue) -> PostgresValue {
        if case .texts(let names) = value { .text(names.joined(separator: " ")) } else { value }
    }

    /// The type of the array of one column of many rows.
    fileprivate var arrayType: String { kind == .scope ? "text[]" : "\(type)[]" }

    /// SQL that makes the value of an element.
    fileprivate var restored: String { kind == .scope ? "string_to_array(\(name), ' ')" : name }
}

extension [Column] {
    /// The names in PostgreSQL.
    var names: String { map(\.name).joined(separator: ", ") }

    /// The names in PostgreSQL, as columns of a table or of its alias.
    func names(of table: String) -> String { map { "\(table).\($0.name)" }.joined(separator: ", ") }

    /// The parameters of a row in PostgreSQL with their types, from the number `first` on.
    func parameters(from first: Int = 1) -> [String] {
        enumerated().map { "$\(first + $0)::\($1.type)" }
    }

    /// SQL that gives the rows of ``arrays(_:)``, which are the parameters from 1 on; `place` has their order.
    var rows: String {
        let arrays = enumerated().map { "$\($0 + 1)::\($1.arrayType)" }.joined(separator: ", ")
        return """
            SELECT \(map(\.restored).joined(separator: ", "))
            FROM unnest(\(arrays)) WITH ORDINALITY AS new (\(names), place)
            """
    }

    /// The values of many rows, one array for each column.
    func arrays(_ rows: [[PostgresValue]]) -> [PostgresValue] {
        enumerated().map { index, column in
            .array(rows.map { column.element($0[index]) }, of: column.elementType)
        }
    }
}
