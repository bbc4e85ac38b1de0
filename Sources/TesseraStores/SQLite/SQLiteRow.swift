import TesseraCSQLite
public import TesseraCore

/// A row of a result, on which the statement stands at the moment. Columns are counted from 0.
///
/// A value of another kind than the one asked for is an error, never a silent zero or an empty text.
public struct SQLiteRow: ~Copyable {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) { self.statement = statement }
    init(sameAs other: borrowing SQLiteRow) { statement = other.statement }

    public func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
    }

    public func integer(_ column: Int) throws(StoreError) -> Int64 {
        try expect(SQLITE_INTEGER, in: column)
        return sqlite3_column_int64(statement, Int32(column))
    }

    public func real(_ column: Int) throws(StoreError) -> Double {
        try expect(SQLITE_FLOAT, in: column)
        return sqlite3_column_double(statement, Int32(column))
    }

    /// 0 or 1.
    public func boolean(_ column: Int) throws(StoreError) -> Bool {
        switch try integer(column) {
        case 0: return false
        case 1: return true
        default: throw unexpected(column)
        }
    }

    public func text(_ column: Int) throws(StoreError) -> String {
        try expect(SQLITE_TEXT, in: column)
        // First the pointer, then the count: the first may change the representation.
        let start = sqlite3_column_text(statement, Int32(column))
        let count = Int(sqlite3_column_bytes(statement, Int32(column)))
        let bytes = UnsafeBufferPointer(start: start, count: count)
        // Nearly every text is ASCII, and then there is a faster way than the general one, which is not specialised.
        if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw unexpected(column) }
        return text
    }

    public func blob(_ column: Int) throws(StoreError) -> [UInt8] {
        Array(try blobBytes(column))
    }

    /// The integer, or `nil` for null.
    public func integerOrNil(_ column: Int) throws(StoreError) -> Int64? {
        isNull(column) ? nil : try integer(column)
    }

    /// The text, or `nil` for null.
    public func textOrNil(_ column: Int) throws(StoreError) -> String? {
        isNull(column) ? nil : try text(column)
    }

    /// The bytes, or `nil` for null.
    public func blobOrNil(_ column: Int) throws(StoreError) -> [UInt8]? {
        isNull(column) ? nil : try blob(column)
    }

    public func integer(_ name: String) throws(StoreError) -> Int64 { try integer(column(name)) }
    public func real(_ name: String) throws(StoreError) -> Double { try real(column(name)) }
    public func boolean(_ name: String) throws(StoreError) -> Bool { try boolean(column(name)) }
    public func text(_ name: String) throws(StoreError) -> String { try text(column(name)) }
    public func blob(_ name: String) throws(StoreError) -> [UInt8] { try blob(column(name)) }
    public func integerOrNil(_ name: String) throws(StoreError) -> Int64? { try integerOrNil(column(name)) }
    public func textOrNil(_ name: String) throws(StoreError) -> String? { try textOrNil(column(name)) }
    public func blobOrNil(_ name: String) throws(StoreError) -> [UInt8]? { try blobOrNil(column(name)) }

    /// The bytes of a blob in place: gone when the row is left.
    func blobBytes(_ column: Int) throws(StoreError) -> UnsafeRawBufferPointer {
        try expect(SQLITE_BLOB, in: column)
        let start = sqlite3_column_blob(statement, Int32(column))
        return UnsafeRawBufferPointer(
            start: start, count: Int(sqlite3_column_bytes(statement, Int32(column))))
    }

    /// The UTF-8 of a text in place: gone when the row is left.
    func textBytes(_ column: Int) throws(StoreError) -> UnsafeRawBufferPointer {
        try expect(SQLITE_TEXT, in: column)
        let start = sqlite3_column_text(statement, Int32(column))
        return UnsafeRawBufferPointer(
            start: start, count: Int(sqlite3_column_bytes(statement, Int32(column))))
    }

    /// What to throw when a value is of the right kind but makes no sense. Names the column, not the value.
    func unexpected(_ column: Int) -> StoreError {
        StoreError(.corrupt, "The column \(name(column)) holds something unexpected.")
    }

    private func expect(_ type: Int32, in column: Int) throws(StoreError) {
        if sqlite3_column_type(statement, Int32(column)) != type { throw unexpected(column) }
    }

    private func name(_ column: Int) -> String {
        sqlite3_column_name(statement, Int32(column)).map { String(cString: $0) } ?? "\(column)"
    }

    private func column(_ name: String) -> Int {
        for column in 0..<Int(sqlite3_column_count(statement)) where self.name(column) == name {
            return column
        }
        preconditionFailure("the result of an SQL statement has no column \(name)")
    }
}
