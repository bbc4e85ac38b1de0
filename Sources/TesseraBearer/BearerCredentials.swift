/// The bearer token in an `Authorization` field (RFC 6750 §2.1).
///
/// The caller must refuse a request with two such fields (RFC 9110 §5.3).
public enum BearerCredentials: Sendable, Hashable {
    /// There is no `Authorization` field.
    case absent
    /// The field is for another scheme, such as `Basic`; its value is not parsed.
    case otherScheme
    /// The field does not match `auth-scheme 1*SP token68`, or the token is longer than ``maxTokenLength``.
    case malformed
    /// A text with the grammar of token68, not checked in any other way.
    case bearer(token: String)

    /// The longest accepted token in bytes.
    public static let maxTokenLength = 4_096

    /// Parses the value of the field, without surrounding white space; `nil` means that there is no field.
    public init(field: String?) {
        guard var field else {
            self = .absent
            return
        }
        self = field.withUTF8 { bytes in
            switch Self.locate(in: bytes.span) {
            case .otherScheme: .otherScheme
            case .malformed: .malformed
            case .token(let range):
                bytes.span.isToken68(range)
                    ? .bearer(token: String(decoding: bytes[range], as: UTF8.self)) : .malformed
            }
        }
    }

    /// The position of the token in a field value.
    public enum Location: Sendable, Hashable {
        case otherScheme
        case malformed
        /// Everything after the scheme; its grammar has not been checked.
        case token(Range<Int>)
    }

    /// Finds the token in the bytes of a field value without surrounding white space, without copying.
    ///
    /// The scheme is compared without regard to case (RFC 9110 §11.1), and only spaces separate it from the token. For
    /// callers that parse the token themselves, so that it is not parsed twice.
    public static func locate(in field: Span<UInt8>) -> Location {
        let schemeEnd = field.prefixLength(of: .schemeCharacter, from: 0)
        guard schemeEnd > 0, schemeEnd == field.count || field[schemeEnd] == UInt8(ascii: " ") else {
            return .malformed
        }
        guard isBearer(field, count: schemeEnd) else { return .otherScheme }

        var start = schemeEnd
        while start < field.count, field[start] == UInt8(ascii: " ") { start += 1 }
        guard start < field.count, field.count - start <= maxTokenLength else { return .malformed }
        return .token(start..<field.count)
    }

    private static func isBearer(_ field: Span<UInt8>, count: Int) -> Bool {
        let name: StaticString = "bearer"
        guard count == name.utf8CodeUnitCount else { return false }
        for index in 0..<count where field[index] | 0x20 != name.utf8Start[index] { return false }
        return true
    }
}

extension BearerCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name of the case, never the token.
    public var description: String {
        switch self {
        case .absent: "absent"
        case .otherScheme: "other scheme"
        case .malformed: "malformed"
        case .bearer: "bearer <redacted>"
        }
    }

    /// The name of the case, never the token.
    public var debugDescription: String { description }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A set of ASCII characters as bits, so that a test costs one shift.
private struct ASCIISet {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ characters: StaticString) {
        for index in 0..<characters.utf8CodeUnitCount {
            let byte = characters.utf8Start[index]
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
        }
    }

    func contains(_ byte: UInt8) -> Bool {
        byte < 128 && (byte < 64 ? low : high) &>> UInt64(byte & 63) & 1 == 1
    }

    /// `tchar` (RFC 9110 §5.6.2).
    static let schemeCharacter = ASCIISet(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    /// The characters of a token68 before its `=` (RFC 9110 §11.2).
    static let tokenCharacter = ASCIISet(
        "-._~+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
}

extension Span<UInt8> {
    /// The number of bytes from `start` on that are in `set`.
    fileprivate func prefixLength(of set: ASCIISet, from start: Int) -> Int {
        var index = start
        while index < count, set.contains(self[index]) { index += 1 }
        return index
    }

    /// Reports whether these bytes are a `token68`: at least one character, then any number of `=` (RFC 9110 §11.2).
    fileprivate func isToken68(_ range: Range<Int>) -> Bool {
        var end = prefixLength(of: .tokenCharacter, from: range.lowerBound)
        guard end > range.lowerBound else { return false }
        while end < count, self[end] == UInt8(ascii: "=") { end += 1 }
        return end == range.upperBound
    }
}
