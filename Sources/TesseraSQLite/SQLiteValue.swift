/// The value of a parameter of a statement.
public enum SQLiteValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
    /// A blob of sixteen bytes, such as an identifier: two numbers, the most significant byte of each first.
    case words(UInt64, UInt64)

    /// The text, or null for `nil`.
    public static func text(_ text: String?) -> SQLiteValue { text.map { .text($0) } ?? .null }
    /// The integer, or null for `nil`.
    public static func integer(_ integer: Int64?) -> SQLiteValue { integer.map { .integer($0) } ?? .null }
    /// An integer of the word size.
    public static func integer(_ integer: Int) -> SQLiteValue { .integer(Int64(integer)) }
    /// 1 or 0.
    public static func boolean(_ boolean: Bool) -> SQLiteValue { .integer(boolean ? 1 : 0) }
}
