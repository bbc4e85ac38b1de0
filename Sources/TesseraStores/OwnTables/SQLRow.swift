public import TesseraCore
public import TesseraTime

/// A row that a ``SQLStatement`` returns. Columns are counted from 0.
///
/// A value of another kind than the one asked for is an error, never a silent zero or an empty text.
public struct SQLRow: ~Copyable {
    private enum Row: ~Copyable {
        case sqlite(SQLiteRow)
        case postgres(PostgresRow)
    }

    private let row: Row

    init(_ row: borrowing SQLiteRow) { self.row = .sqlite(SQLiteRow(sameAs: row)) }
    init(_ row: borrowing PostgresRow) { self.row = .postgres(PostgresRow(sameAs: row)) }

    /// Reports whether the value is null.
    public func isNull(_ column: Int) -> Bool {
        switch row {
        case .sqlite(let row): row.isNull(column)
        case .postgres(let row): row.isNull(column)
        }
    }

    /// Reads an integer.
    public func integer(_ column: Int) throws(StoreError) -> Int64 {
        switch row {
        case .sqlite(let row): try row.integer(column)
        case .postgres(let row): try row.integer(column)
        }
    }

    /// Reads a Boolean value.
    public func boolean(_ column: Int) throws(StoreError) -> Bool {
        switch row {
        case .sqlite(let row): try row.boolean(column)
        case .postgres(let row): try row.boolean(column)
        }
    }

    /// Reads a text.
    public func text(_ column: Int) throws(StoreError) -> String {
        switch row {
        case .sqlite(let row): try row.text(column)
        case .postgres(let row): try row.text(column)
        }
    }

    /// Reads bytes.
    public func bytes(_ column: Int) throws(StoreError) -> [UInt8] {
        switch row {
        case .sqlite(let row): try row.blob(column)
        case .postgres(let row): try row.bytes(column)
        }
    }

    /// Reads an identifier.
    public func identifier<Entity>(
        _ column: Int, of entity: Entity.Type = Entity.self
    ) throws(StoreError) -> Identifier<Entity> {
        switch row {
        case .sqlite(let row): try row.identifier(column)
        case .postgres(let row): try row.identifier(column)
        }
    }

    /// Reads an instant.
    public func instant(_ column: Int) throws(StoreError) -> NumericDate {
        switch row {
        case .sqlite(let row): try row.instant(column)
        case .postgres(let row): try row.instant(column)
        }
    }

    /// The integer, or `nil` for null.
    public func integerOrNil(_ column: Int) throws(StoreError) -> Int64? {
        isNull(column) ? nil : try integer(column)
    }

    /// The text, or `nil` for null.
    public func textOrNil(_ column: Int) throws(StoreError) -> String? {
        isNull(column) ? nil : try text(column)
    }

    /// The instant, or `nil` for null.
    public func instantOrNil(_ column: Int) throws(StoreError) -> NumericDate? {
        isNull(column) ? nil : try instant(column)
    }
}
