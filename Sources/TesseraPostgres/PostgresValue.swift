package import TesseraTime

/// The value of a parameter. It is sent in binary with its type, so that nothing is quoted or guessed.
package enum PostgresValue: Sendable, Hashable {
    /// A null of the type that the statement needs.
    case null
    /// `bigint`
    case integer(Int64)
    /// `boolean`
    case boolean(Bool)
    /// `text`
    case text(String)
    /// `bytea`
    case bytes([UInt8])
    /// `uuid`: its first and last eight bytes, big-endian.
    case uuid(high: UInt64, low: UInt64)
    /// `timestamptz`; what it cannot hold (before 4713 BC, after AD 294276) is `-infinity` or `infinity`.
    case instant(NumericDate)
    /// `text[]`
    case texts([String])
    /// `jsonb`
    case json(String)
    /// `inet`: the first and last eight bytes of an IPv6 address; one that stands for an IPv4 address is sent as that.
    case inet(high: UInt64, low: UInt64)
    /// An array of elements of one type, any of which may be null: a column of many rows, for `unnest`.
    case array([PostgresValue], of: PostgresType)

    /// An array of the values of many rows in one column.
    package static func column<Row>(
        _ type: PostgresType, _ rows: [Row], _ value: (Row) -> PostgresValue
    ) -> PostgresValue {
        .array(rows.map(value), of: type)
    }

    /// The text, or null for `nil`.
    package static func text(_ text: String?) -> PostgresValue { text.map { .text($0) } ?? .null }
    /// The integer, or null for `nil`.
    package static func integer(_ integer: Int64?) -> PostgresValue { integer.map { .integer($0) } ?? .null }
    /// An integer of the word size.
    package static func integer(_ integer: Int) -> PostgresValue { .integer(Int64(integer)) }
    /// The bytes, or null for `nil`.
    package static func bytes(_ bytes: [UInt8]?) -> PostgresValue { bytes.map { .bytes($0) } ?? .null }
    /// The instant, or null for `nil`.
    package static func instant(_ instant: NumericDate?) -> PostgresValue {
        instant.map { .instant($0) } ?? .null
    }
}

/// The encoding of values in PostgreSQL's binary format, with big-endian numbers.
extension PostgresValue {
    /// The type; `unknown` lets the server infer it from the statement.
    var type: PostgresType {
        switch self {
        case .null: .unknown
        case .integer: .int8
        case .boolean: .boolean
        case .text: .text
        case .bytes: .bytea
        case .uuid: .uuid
        case .instant: .timestamptz
        case .texts: .textArray
        case .json: .jsonb
        case .inet: .inet
        case .array(_, let element): element.array
        }
    }

    /// Appends the bytes of the value; none for null.
    package func write(to output: inout [UInt8]) {
        switch self {
        case .null: break
        case .integer(let integer): output.append(bigEndian: integer)
        case .boolean(let boolean): output.append(boolean ? 1 : 0)
        case .text(let text): output.append(contentsOf: text.utf8)
        case .bytes(let bytes): output.append(contentsOf: bytes)
        case .uuid(let high, let low):
            output.append(bigEndian: high)
            output.append(bigEndian: low)
        case .instant(let instant): output.append(bigEndian: PostgresInstant.write(instant))
        case .texts(let texts): Self.write(texts, to: &output)
        case .json(let text):
            // The version of the format.
            output.append(1)
            output.append(contentsOf: text.utf8)
        case .inet(let high, let low): Self.writeAddress(high, low, to: &output)
        case .array(let elements, let type): Self.write(elements, of: type, to: &output)
        }
    }

    private static func write(_ texts: [String], to output: inout [UInt8]) {
        writeHeader(count: texts.count, hasNulls: false, of: .text, to: &output)
        for text in texts {
            output.append(bigEndian: Int32(text.utf8.count))
            output.append(contentsOf: text.utf8)
        }
    }

    private static func write(
        _ elements: [PostgresValue], of type: PostgresType, to output: inout [UInt8]
    ) {
        writeHeader(count: elements.count, hasNulls: elements.contains(.null), of: type, to: &output)
        for element in elements {
            // The length comes first, and is known last.
            let start = output.count
            output.append(bigEndian: Int32(-1))
            if element == .null { continue }
            element.write(to: &output)
            let length = Int32(output.count - start - 4)
            Swift.withUnsafeBytes(of: length.bigEndian) { bytes in
                output.replaceSubrange(start..<start + 4, with: bytes)
            }
        }
    }

    /// The number of dimensions; whether there are nulls; the type of the elements; count and lower bound of the dimension.
    private static func writeHeader(
        count: Int, hasNulls: Bool, of type: PostgresType, to output: inout [UInt8]
    ) {
        output.append(bigEndian: Int32(count == 0 ? 0 : 1))
        output.append(bigEndian: Int32(hasNulls ? 1 : 0))
        output.append(bigEndian: type.rawValue)
        if count == 0 { return }
        output.append(bigEndian: Int32(count))
        output.append(bigEndian: Int32(1))
    }

    private static func writeAddress(_ high: UInt64, _ low: UInt64, to output: inout [UInt8]) {
        let isIPv4 = high == 0 && low >> 32 == 0xFFFF
        // Family, length of the prefix in bits, "is a network", length of the address in bytes.
        output.append(contentsOf: isIPv4 ? [2, 32, 0, 4] : [3, 128, 0, 16])
        if isIPv4 {
            output.append(bigEndian: UInt32(truncatingIfNeeded: low))
        } else {
            output.append(bigEndian: high)
            output.append(bigEndian: low)
        }
    }
}

/// A type of PostgreSQL, by its permanent object identifier.
package struct PostgresType: RawRepresentable, Sendable, Hashable {
    /// The object identifier (OID) of the type.
    package let rawValue: UInt32

    /// Creates a type from its OID.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A type that the server infers
    package static let unknown = PostgresType(rawValue: 0)
    /// `boolean`
    package static let boolean = PostgresType(rawValue: 16)
    /// `bytea`
    package static let bytea = PostgresType(rawValue: 17)
    /// `int8`
    package static let int8 = PostgresType(rawValue: 20)
    /// `int2`
    package static let int2 = PostgresType(rawValue: 21)
    /// `int4`
    package static let int4 = PostgresType(rawValue: 23)
    /// `text`
    package static let text = PostgresType(rawValue: 25)
    /// `inet`
    package static let inet = PostgresType(rawValue: 869)
    /// `text[]`
    package static let textArray = PostgresType(rawValue: 1009)
    /// `varchar`
    package static let varchar = PostgresType(rawValue: 1043)
    /// `timestamptz`
    package static let timestamptz = PostgresType(rawValue: 1184)
    /// `uuid`
    package static let uuid = PostgresType(rawValue: 2950)
    /// `jsonb`
    package static let jsonb = PostgresType(rawValue: 3802)

    /// The type of an array of these.
    var array: PostgresType {
        switch self {
        case .boolean: PostgresType(rawValue: 1000)
        case .bytea: PostgresType(rawValue: 1001)
        case .int8: PostgresType(rawValue: 1016)
        case .text: .textArray
        case .inet: PostgresType(rawValue: 1041)
        case .timestamptz: PostgresType(rawValue: 1185)
        case .uuid: PostgresType(rawValue: 2951)
        case .jsonb: PostgresType(rawValue: 3807)
        default: preconditionFailure("no array is made of the type \(rawValue)")
        }
    }
}

/// An instant as PostgreSQL counts: microseconds since the beginning of the year 2000.
enum PostgresInstant {
    private static let epoch: Int64 = 946_684_800_000
    /// The largest and the smallest that a `timestamptz` holds, in whole milliseconds; beyond them there is infinity.
    private static let range: ClosedRange<Int64> = -211_813_488_000_000...9_223_371_331_199_999

    static func write(_ instant: NumericDate) -> Int64 {
        let (milliseconds, hasOverflown) = instant.milliseconds.subtractingReportingOverflow(epoch)
        if !hasOverflown, range.contains(milliseconds) { return milliseconds * 1_000 }
        return instant.milliseconds < 0 ? .min : .max
    }

    /// The whole millisecond at or before it.
    static func read(_ microseconds: Int64) -> NumericDate {
        switch microseconds {
        case .max, .min: return NumericDate(milliseconds: microseconds)
        default:
            let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000)
            return NumericDate(milliseconds: quotient - (remainder < 0 ? 1 : 0) + epoch)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.bigEndian) { append(contentsOf: $0) }
    }
}
