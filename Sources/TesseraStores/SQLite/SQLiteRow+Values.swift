import TesseraCore
import TesseraCrypto
import TesseraSQLite
import TesseraTime

/// Values of the domain in columns.
extension SQLiteRow: ResultRow {
    func bytes(_ column: Int) throws(StoreError) -> [UInt8] { try blob(column) }

    func identifier<Entity>(
        _ column: Int, _ type: Identifier<Entity>.Type
    ) throws(StoreError) -> Identifier<Entity> {
        let bytes = try blobBytes(column)
        guard bytes.count == 16 else { throw unexpected(column) }
        return Identifier(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }

    func addressOrNil(_ column: Int) throws(StoreError) -> ClientAddress? {
        guard !isNull(column) else { return nil }
        let words: Identifier<ClientAddress> = try identifier(column)
        return ClientAddress(high: words.high, low: words.low)
    }

    func instant(_ column: Int) throws(StoreError) -> NumericDate {
        NumericDate(milliseconds: try integer(column))
    }

    func digest(_ column: Int) throws(StoreError) -> SHA256Digest {
        guard let digest = SHA256Digest(bytes: try blobBytes(column)) else { throw unexpected(column) }
        return digest
    }

    func scope(_ column: Int) throws(StoreError) -> Scope {
        guard let scope = ScopeList.read(try text(column)) else { throw unexpected(column) }
        return scope
    }

    /// The scope, which is decoded only when the connection does not remember it.
    func scope(_ column: Int, _ memory: RowMemory) throws(StoreError) -> Scope {
        guard let scope = memory.scope(try textBytes(column)) else { throw unexpected(column) }
        return scope
    }

    /// No metadata for null.
    func metadata(_ column: Int) throws(StoreError) -> TokenMetadata {
        if isNull(column) { return .empty }
        guard let metadata = MetadataText.read(try text(column)) else { throw unexpected(column) }
        return metadata
    }
}

/// Values of the domain as parameters.
extension SQLiteValue: BoundValue {
    static func bytes(_ bytes: [UInt8]) -> SQLiteValue { .blob(bytes) }

    static func identifier<Entity>(_ identifier: Identifier<Entity>) -> SQLiteValue {
        .words(identifier.high, identifier.low)
    }

    static func identifier<Entity>(_ identifier: Identifier<Entity>?) -> SQLiteValue {
        identifier.map { .words($0.high, $0.low) } ?? .null
    }

    static func address(_ address: ClientAddress?) -> SQLiteValue {
        address.map { .words($0.high, $0.low) } ?? .null
    }

    static func instant(_ instant: NumericDate?) -> SQLiteValue { .integer(instant?.milliseconds) }

    static func digest(_ digest: SHA256Digest) -> SQLiteValue { .blob(digest.bytes) }

    static func metadata(_ metadata: TokenMetadata) -> SQLiteValue {
        metadata.isEmpty ? .null : .text(MetadataText.write(metadata))
    }

    static func scope(_ scope: Scope?) -> SQLiteValue { .text(scope.map(ScopeList.write)) }
}
