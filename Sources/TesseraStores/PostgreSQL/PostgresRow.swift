import TesseraCore
import TesseraCrypto
import TesseraTime

/// A row of an answer. Columns are counted from 0.
///
/// A value of another kind than the one asked for is an error, never a silent zero or an empty text.
struct PostgresRow: ~Copyable {
    private let result: PostgresResult
    private let row: Int32

    init(_ result: PostgresResult, _ row: Int32) {
        self.result = result
        self.row = row
    }

    init(sameAs other: borrowing PostgresRow) {
        result = other.result
        row = other.row
    }

    func isNull(_ column: Int) -> Bool { result.isNull(row, Int32(column)) }

    func integer(_ column: Int) throws(StoreError) -> Int64 {
        let bytes = try bytes(column, of: .int8, .int4, .int2)
        switch bytes.count {
        case 8: return bytes.bigEndian(at: 0)
        case 4: return Int64(bytes.bigEndian(at: 0) as Int32)
        case 2: return Int64(bytes.bigEndian(at: 0) as Int16)
        default: throw unexpected(column)
        }
    }

    func boolean(_ column: Int) throws(StoreError) -> Bool {
        let bytes = try bytes(column, of: .boolean)
        guard bytes.count == 1 else { throw unexpected(column) }
        return bytes[0] != 0
    }

    func text(_ column: Int) throws(StoreError) -> String {
        let bytes = try bytes(column, of: .text, .varchar)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw unexpected(column) }
        return text
    }

    func bytes(_ column: Int) throws(StoreError) -> [UInt8] { Array(try bytes(column, of: .bytea)) }

    func instant(_ column: Int) throws(StoreError) -> NumericDate {
        let bytes = try bytes(column, of: .timestamptz)
        guard bytes.count == 8 else { throw unexpected(column) }
        return PostgresInstant.read(bytes.bigEndian(at: 0))
    }

    /// The elements of a `text[]`, none of which may be null.
    func texts(_ column: Int) throws(StoreError) -> [String] {
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
    func json(_ column: Int) throws(StoreError) -> String {
        let bytes = try bytes(column, of: .jsonb)
        // The version of the format comes first.
        guard bytes.first == 1,
            let text = String(validating: UnsafeRawBufferPointer(rebasing: bytes[1...]), as: UTF8.self)
        else { throw unexpected(column) }
        return text
    }

    /// The integer, or `nil` for null.
    func integerOrNil(_ column: Int) throws(StoreError) -> Int64? {
        isNull(column) ? nil : try integer(column)
    }

    /// The bytes of a value of one of these types, in place: gone when the row is left.
    func bytes(_ column: Int, of types: PostgresType...) throws(StoreError) -> UnsafeRawBufferPointer {
        guard !isNull(column), types.contains(result.type(of: Int32(column))) else {
            throw unexpected(column)
        }
        return result.bytes(row, Int32(column))
    }

    /// What to throw when a value is of the right kind but makes no sense. Names the column, not the value.
    func unexpected(_ column: Int) -> StoreError {
        StoreError(.corrupt, "The column \(result.name(of: Int32(column))) holds something unexpected.")
    }
}

/// Values of the domain in columns.
extension PostgresRow: ResultRow {
    func identifier<Entity>(
        _ column: Int, _ type: Identifier<Entity>.Type
    ) throws(StoreError) -> Identifier<Entity> {
        let bytes = try bytes(column, of: .uuid)
        guard bytes.count == 16 else { throw unexpected(column) }
        return Identifier(high: bytes.bigEndian(at: 0), low: bytes.bigEndian(at: 8))
    }

    func identifierOrNil<Entity>(
        _ column: Int
    ) throws(StoreError) -> Identifier<Entity>? {
        isNull(column) ? nil : try identifier(column)
    }

    func digest(_ column: Int) throws(StoreError) -> SHA256Digest {
        guard let digest = SHA256Digest(bytes: try bytes(column, of: .bytea)) else {
            throw unexpected(column)
        }
        return digest
    }

    func scope(_ column: Int) throws(StoreError) -> Scope {
        var tokens: [ScopeToken] = []
        for text in try texts(column) {
            guard let token = ScopeToken(text) else { throw unexpected(column) }
            tokens.append(token)
        }
        return Scope(tokens)
    }

    /// No metadata for null.
    func metadata(_ column: Int) throws(StoreError) -> TokenMetadata {
        if isNull(column) { return .empty }
        guard let metadata = MetadataText.read(try json(column)) else { throw unexpected(column) }
        return metadata
    }

    func addressOrNil(_ column: Int) throws(StoreError) -> ClientAddress? {
        if isNull(column) { return nil }
        let bytes = try bytes(column, of: .inet)
        switch (bytes.count, bytes.first) {
        case (8, 2):
            return ClientAddress(high: 0, low: 0xFFFF_0000_0000 | UInt64(bytes.bigEndian(at: 4) as UInt32))
        case (20, 3): return ClientAddress(high: bytes.bigEndian(at: 4), low: bytes.bigEndian(at: 12))
        default: throw unexpected(column)
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func bigEndian<Integer: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Integer {
        Integer(bigEndian: loadUnaligned(fromByteOffset: offset, as: Integer.self))
    }
}
