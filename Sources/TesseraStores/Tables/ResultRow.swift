import TesseraCore
import TesseraCrypto
import TesseraTime

/// A row of a result, as the descriptions of tables read it from either database. Columns are counted from 0.
///
/// A value of another kind than the one asked for is an error. Decoders are generic over this protocol, and the compiler
/// makes one of each for each database.
protocol ResultRow: ~Copyable {
    func isNull(_ column: Int) -> Bool
    func integer(_ column: Int) throws(StoreError) -> Int64
    func boolean(_ column: Int) throws(StoreError) -> Bool
    func text(_ column: Int) throws(StoreError) -> String
    func bytes(_ column: Int) throws(StoreError) -> [UInt8]
    func instant(_ column: Int) throws(StoreError) -> NumericDate
    func digest(_ column: Int) throws(StoreError) -> SHA256Digest
    func scope(_ column: Int) throws(StoreError) -> Scope
    /// The metadata; none for null.
    func metadata(_ column: Int) throws(StoreError) -> TokenMetadata
    func addressOrNil(_ column: Int) throws(StoreError) -> ClientAddress?
    func identifier<Entity>(
        _ column: Int, _ type: Identifier<Entity>.Type
    ) throws(StoreError) -> Identifier<Entity>
    /// The error for a value of the right kind that has no meaning. It names the column, and not the value.
    func unexpected(_ column: Int) -> StoreError
}

extension ResultRow where Self: ~Copyable {
    func identifier<Entity>(_ column: Int) throws(StoreError) -> Identifier<Entity> {
        try identifier(column, Identifier<Entity>.self)
    }

    /// A word of a closed set.
    func word<Word: RawRepresentable<String>>(_ column: Int) throws(StoreError) -> Word {
        guard let word = Word(rawValue: try text(column)) else { throw unexpected(column) }
        return word
    }

    func integerOrNil(_ column: Int) throws(StoreError) -> Int64? {
        isNull(column) ? nil : try integer(column)
    }

    func textOrNil(_ column: Int) throws(StoreError) -> String? { isNull(column) ? nil : try text(column) }

    func instantOrNil(_ column: Int) throws(StoreError) -> NumericDate? {
        isNull(column) ? nil : try instant(column)
    }

    func identifierOrNil<Entity>(_ column: Int) throws(StoreError) -> Identifier<Entity>? {
        isNull(column) ? nil : try identifier(column)
    }

    func scopeOrNil(_ column: Int) throws(StoreError) -> Scope? { isNull(column) ? nil : try scope(column) }
}
