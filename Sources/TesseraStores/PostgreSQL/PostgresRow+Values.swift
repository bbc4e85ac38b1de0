import TesseraCore
import TesseraCrypto
import TesseraPostgres

/// Values of the domain in columns.
extension PostgresRow: ResultRow {
    func identifier<Entity>(
        _ column: Int, _ type: Identifier<Entity>.Type
    ) throws(StoreError) -> Identifier<Entity> {
        let words = try uuid(column)
        return Identifier(high: words.high, low: words.low)
    }

    func identifierOrNil<Entity>(
        _ column: Int
    ) throws(StoreError) -> Identifier<Entity>? {
        isNull(column) ? nil : try identifier(column)
    }

    func digest(_ column: Int) throws(StoreError) -> SHA256Digest {
        guard let digest = SHA256Digest(bytes: try bytes(column)) else { throw unexpected(column) }
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
        guard !isNull(column) else { return nil }
        let words = try inet(column)
        return ClientAddress(high: words.high, low: words.low)
    }
}

/// Values of the domain as parameters.
extension PostgresValue: BoundValue {
    static func identifier<Entity>(_ identifier: Identifier<Entity>) -> PostgresValue {
        .uuid(high: identifier.high, low: identifier.low)
    }

    static func identifier<Entity>(_ identifier: Identifier<Entity>?) -> PostgresValue {
        identifier.map { .identifier($0) } ?? .null
    }

    static func address(_ address: ClientAddress?) -> PostgresValue {
        address.map { .inet(high: $0.high, low: $0.low) } ?? .null
    }

    static func digest(_ digest: SHA256Digest) -> PostgresValue { .bytes(digest.bytes) }

    /// A `text[]` of the names, sorted.
    static func scope(_ scope: Scope?) -> PostgresValue {
        scope.map { .texts($0.tokens.map(\.text)) } ?? .null
    }

    /// A `jsonb` object of texts; null for no metadata.
    static func metadata(_ metadata: TokenMetadata) -> PostgresValue {
        metadata.isEmpty ? .null : .json(MetadataText.write(metadata))
    }
}

extension PostgresLock {
    /// The lock of one row, by its identifier.
    static func row<Entity>(_ id: Identifier<Entity>) -> PostgresLock { .one(high: id.high, low: id.low) }
}
