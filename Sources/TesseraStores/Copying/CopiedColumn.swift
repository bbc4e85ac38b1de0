import TesseraCore
import TesseraPostgres
import TesseraSQLite
import TesseraTime

/// A column as it stands in both databases.
///
/// A value is compared in the form in which PostgreSQL is given it: what both databases write differently, such as the
/// order of names in a JSON object, is no difference.
struct CopiedColumn: Sendable {
    enum Kind: Sendable {
        case identifier, instant, text, boolean, integer, bytes, scope, metadata, address
    }

    let name: String
    let kind: Kind
    /// SQL that gives it in SQLite.
    let original: String

    init(_ name: String, _ kind: Kind, original: String? = nil) {
        self.name = name
        self.kind = kind
        self.original = original ?? name
    }

    /// The type of an element when many rows are handed over. Scopes are joined by spaces, which no name has: an array of
    /// arrays would have to be rectangular.
    var type: PostgresType {
        switch kind {
        case .identifier: .uuid
        case .instant: .timestamptz
        case .text, .scope: .text
        case .boolean: .boolean
        case .integer: .int8
        case .bytes: .bytea
        case .metadata: .jsonb
        case .address: .inet
        }
    }

    /// SQL that makes the column of what was handed over.
    var insertion: String { kind == .scope ? "string_to_array(\(name), ' ')" : name }

    func value(_ row: borrowing SQLiteRow, _ column: Int) throws(StoreError) -> PostgresValue {
        if row.isNull(column) { return .null }
        switch kind {
        case .identifier:
            let identifier: Identifier<Never> = try row.identifier(column)
            return .identifier(identifier)
        case .instant: return .instant(try row.instant(column))
        case .text: return .text(try row.text(column))
        case .boolean: return .boolean(try row.boolean(column))
        case .integer: return .integer(try row.integer(column))
        case .bytes: return .bytes(try row.blob(column))
        case .scope:
            guard let scope = ScopeList.read(try row.text(column)) else { throw row.unexpected(column) }
            return .text(scope.description)
        case .metadata: return .metadata(try row.metadata(column))
        case .address: return .address(try row.addressOrNil(column))
        }
    }

    func value(_ row: borrowing PostgresRow, _ column: Int) throws(StoreError) -> PostgresValue {
        if row.isNull(column) { return .null }
        switch kind {
        case .identifier:
            let identifier: Identifier<Never> = try row.identifier(column)
            return .identifier(identifier)
        case .instant: return .instant(try row.instant(column))
        case .text: return .text(try row.text(column))
        case .boolean: return .boolean(try row.boolean(column))
        case .integer: return .integer(try row.integer(column))
        case .bytes: return .bytes(try row.bytes(column))
        case .scope: return .text(try row.scope(column).description)
        case .metadata: return .metadata(try row.metadata(column))
        case .address: return .address(try row.addressOrNil(column))
        }
    }
}
