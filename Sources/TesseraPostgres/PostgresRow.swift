package import TesseraDatabase
package import TesseraTime

/// A row of an answer. Columns are counted from 0.
///
/// A value of another type than the requested one is an error, never a silent zero or an empty text.
package struct PostgresRow: ~Copyable {
    private let result: PostgresResult
    private let row: Int32

    init(_ result: PostgresResult, _ row: Int32) {
        self.result = result
        self.row = row
    }

    /// Creates another value for the same row.
    package init(sameAs other: borrowing PostgresRow) {
        result = other.result
        row = other.row
    }

    /// Reports whether the value is null.
    package func isNull(_ column: Int) -> Bool { result.isNull(row, Int32(column)) }

    /// The `bigint`, `integer` or `smallint` in a column.
    package func integer(_ column: Int) throws(StoreError) -> Int64 {
        let bytes = try bytes(column, of: .int8, .int4, .int2)
        switch bytes.count {
        case 8: return bytes.bigEndian(at: 0)
        case 4: return Int64(bytes.bigEndian(at: 0) as Int32)
        case 2: return Int64(bytes.bigEndian(at: 0) as Int16)
        default: throw unexpected(column)
        }
    }

    /// The `boolean` in a column.
    package func boolean(_ column: Int) throws(StoreError) -> Bool {
        let bytes = try bytes(column, of: .boolean)
        guard bytes.count == 1 else { throw unexpected(column) }
        return bytes[0] != 0
    }

    /// The `text` or `varchar` in a column.
    package func text(_ column: Int) throws(StoreError) -> String {
        let bytes = try bytes(column, of: .text, .varchar)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw unexpected(column) }
        return text
    }

    /// The `bytea` in a column.
    package func bytes(_ column: Int) throws(StoreError) -> [UInt8] { Array(try bytes(column, of: .bytea)) }

    /// The `timestamptz` in a column.
    package func instant(_ column: Int) throws(StoreError) -> NumericDate {
        let bytes = try bytes(column, of: .timestamptz)
        guard bytes.count == 8 else { throw unexpected(column) }
        return PostgresInstant.read(bytes.bigEndian(at: 0))
    }

    /// The elements of a `text[]`, none of which may be null.
    package func texts(_ column: Int) throws(StoreError) -> [String] {
        let bytes = try bytes(column, of: .textArray)
        guard bytes.count >= 12 else { throw unexpected(column) }
        let dimensions: Int32 = bytes.bigEndian(at: 0)
        if dimensions == 0 { return [] }
        guard dimensions == 1, bytes.count >= 20 else { throw unexpected(column) }
        let count: Int32 = bytes.bigEndian(at: 12)
        guard count >= 0 else { throw unexpected(column) }
        var texts: [String] = []
        var position = 20
        for _ in 0..<count {
            guard position + 4 <= bytes.count else { throw unexpected(column) }
            let length = Int(bytes.bigEndian(at: position) as Int32)
            let end = position + 4 + length
            guard length >= 0, end <= bytes.count,
                let text = String(
                    validating: UnsafeRawBufferPointer(rebasing: bytes[position + 4..<end]), as: UTF8.self)
            else { throw unexpected(column) }
            texts.append(text)
            position = end
        }
        return texts
    }

    /// The text of a `jsonb`.
    package func json(_ column: Int) throws(StoreError) -> String {
        let bytes = try bytes(column, of: .jsonb)
        // The version of the format comes first.
        guard bytes.first == 1,
            let text = String(validating: UnsafeRawBufferPointer(rebasing: bytes[1...]), as: UTF8.self)
        else { throw unexpected(column) }
        return text
    }

    /// The integer, or `nil` for null.
    package func integerOrNil(_ column: Int) throws(StoreError) -> Int64? {
        isNull(column) ? nil : try integer(column)
    }

    /// The first and last eight bytes of a `uuid`.
    package func uuid(_ column: Int) throws(StoreError) -> (high: UInt64, low: UInt64) {
        let bytes = try bytes(column, of: .uuid)
        guard bytes.count == 16 else { throw unexpected(column) }
        return (bytes.bigEndian(at: 0), bytes.bigEndian(at: 8))
    }

    /// The first and last eight bytes of an `uuid`, or `nil` for null.
    package func uuidOrNil(_ column: Int) throws(StoreError) -> (high: UInt64, low: UInt64)? {
        isNull(column) ? nil : try uuid(column)
    }

    /// The first and last eight bytes of the address in an `inet`, as an IPv6 address.
    package func inet(_ column: Int) throws(StoreError) -> (high: UInt64, low: UInt64) {
        let bytes = try bytes(column, of: .inet)
        switch (bytes.count, bytes.first) {
        case (8, 2): return (0, 0xFFFF_0000_0000 | UInt64(bytes.bigEndian(at: 4) as UInt32))
        case (20, 3): return (bytes.bigEndian(at: 4), bytes.bigEndian(at: 12))
        default: throw unexpected(column)
        }
    }

    /// The bytes of a value of one of these types, in the memory of the result.
    func bytes(_ column: Int, of types: PostgresType...) throws(StoreError) -> UnsafeRawBufferPointer {
        guard !isNull(column), types.contains(result.type(of: Int32(column))) else {
            throw unexpected(column)
        }
        return result.bytes(row, Int32(column))
    }

    /// The error for a value of the right type that is not valid. It names the column, not the value.
    package func unexpected(_ column: Int) -> StoreError {
        StoreError(.corrupt, "The column \(result.name(of: Int32(column))) holds something unexpected.")
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func bigEndian<Integer: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Integer {
        Integer(bigEndian: loadUnaligned(fromByteOffset: offset, as: Integer.self))
    }
}
