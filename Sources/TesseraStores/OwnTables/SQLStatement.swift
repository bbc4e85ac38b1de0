public import TesseraCore
public import TesseraTime

/// A statement of a program that keeps its own tables in the database of Tessera, with the values of its parameters. It is the
/// same on SQLite and on PostgreSQL.
///
/// ```swift
/// SQLStatement("DELETE FROM treasure WHERE id = $1", [.identifier(id)])
/// ```
///
/// Parameters are written `$1`, `$2` and so on, and the text has no other `$`. Each connection prepares each text once and
/// keeps it, so use a small set of texts and pass values as parameters.
public struct SQLStatement: Sendable {
    let text: String
    let values: [SQLValue]

    /// Makes a statement with the values of its parameters, in their order.
    public init(_ text: String, _ values: [SQLValue] = []) {
        self.text = text
        self.values = values
    }
}

/// The value of a parameter.
public enum SQLValue: Sendable, Hashable {
    /// Null. On PostgreSQL it has the type that the statement needs: write `$1::bigint` where several types fit.
    case null
    /// `INTEGER` in SQLite, `bigint` in PostgreSQL.
    case integer(Int64)
    /// `INTEGER` 0 or 1 in SQLite, `boolean` in PostgreSQL.
    case boolean(Bool)
    /// `TEXT` in SQLite, `text` in PostgreSQL.
    case text(String)
    /// `BLOB` in SQLite, `bytea` in PostgreSQL.
    case bytes([UInt8])
    /// The 16 bytes of an identifier: `BLOB` in SQLite, `uuid` in PostgreSQL; see ``identifier(_:)``.
    case uuid(high: UInt64, low: UInt64)
    /// Milliseconds since 1970 in an `INTEGER` in SQLite, `timestamptz` in PostgreSQL.
    case instant(NumericDate)

    /// The identifier as ``uuid(high:low:)``.
    public static func identifier<Entity>(_ id: Identifier<Entity>) -> SQLValue {
        .uuid(high: id.high, low: id.low)
    }

    /// An integer of the machine's size.
    public static func integer(_ integer: Int) -> SQLValue { .integer(Int64(integer)) }
    /// The integer, or null for `nil`.
    public static func integer(_ integer: Int64?) -> SQLValue { integer.map { .integer($0) } ?? .null }
    /// The boolean, or null for `nil`.
    public static func boolean(_ boolean: Bool?) -> SQLValue { boolean.map { .boolean($0) } ?? .null }
    /// The text, or null for `nil`.
    public static func text(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
    /// The instant, or null for `nil`.
    public static func instant(_ instant: NumericDate?) -> SQLValue { instant.map { .instant($0) } ?? .null }
}

extension SQLStatement {
    /// The text with parameters in the form of SQLite.
    var sqliteText: String {
        String(
            decoding: text.utf8.map { $0 == UInt8(ascii: "$") ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
    }

    var sqliteValues: [SQLiteValue] {
        values.map { value in
            switch value {
            case .null: .null
            case .integer(let integer): .integer(integer)
            case .boolean(let boolean): .boolean(boolean)
            case .text(let text): .text(text)
            case .bytes(let bytes): .blob(bytes)
            case .uuid(let high, let low): .blob(Identifier<SQLStatement>(high: high, low: low).bytes)
            case .instant(let instant): .integer(instant.milliseconds)
            }
        }
    }

    /// - Throws: ``StoreError`` when there are too many different texts.
    func postgresStep() throws(StoreError) -> PostgresStep {
        PostgresStep(
            try SQLText.remembered(text),
            values.map { value in
                switch value {
                case .null: .null
                case .integer(let integer): .integer(integer)
                case .boolean(let boolean): .boolean(boolean)
                case .text(let text): .text(text)
                case .bytes(let bytes): .bytes(bytes)
                case .uuid(let high, let low): .uuid(high: high, low: low)
                case .instant(let instant): .instant(instant)
                }
            })
    }
}
