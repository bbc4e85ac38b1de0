/// What an `Authorization` field says, as far as a bearer token is concerned — RFC 6750 §2.1.
///
/// Two fields are no matter for this type: whoever reads the request refuses them (RFC 9110 §5.3).
public enum BearerCredentials: Sendable, Hashable {
    /// There is no such field.
    case absent
    /// The field is for another scheme, such as `Basic`; what it says is not looked at.
    case otherScheme
    /// The field is no `auth-scheme 1*SP token68`, or the token is longer than ``maxTokenLength``.
    case malformed
    /// A token, in the grammar of token68; nothing else is known of it.
    case bearer(token: String)

    /// The longest token that is looked at, in bytes.
    public static let maxTokenLength = 4_096

    /// Reads the value of the field, without white space around it; nil when there is none.
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

    /// Where the token stands in a field's value.
    public enum Location: Sendable, Hashable {
        case otherScheme
        case malformed
        /// All that stands behind the scheme. Whether it has the grammar of a token has not been looked at.
        case token(Range<Int>)
    }

    /// Finds where the token stands in the bytes of a field's value, without white space around it, and copies nothing.
    ///
    /// The scheme is compared without regard to case, RFC 9110 §11.1; spaces, and only spaces, stand between
    /// it and the token. For whoever reads the token by a narrower grammar at once: it need not be read twice.
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
    /// Which case it is, never the token.
    public var description: String {
        switch self {
        case .absent: "absent"
        case .otherScheme: "other scheme"
        case .malformed: "malformed"
        case .bearer: "bearer <redacted>"
        }
    }

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// ASCII characters as a set of bits, so that asking costs a shift and not a walk through ranges.
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

    /// `tchar` — RFC 9110 §5.6.2.
    static let schemeCharacter = ASCIISet(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    /// What stands before the `=` of a token68 — RFC 9110 §11.2.
    static let tokenCharacter = ASCIISet(
        "-._~+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
}

extension Span<UInt8> {
    /// The index of the first byte from `start` on that is not in `set`.
    fileprivate func prefixLength(of set: ASCIISet, from start: Int) -> Int {
        var index = start
        while index < count, set.contains(self[index]) { index += 1 }
        return index
    }

    /// Whether these bytes are a `token68`: at least one character, then any number of `=` — RFC 9110 §11.2.
    fileprivate func isToken68(_ range: Range<Int>) -> Bool {
        var end = prefixLength(of: .tokenCharacter, from: range.lowerBound)
        guard end > range.lowerBound else { return false }
        while end < count, self[end] == UInt8(ascii: "=") { end += 1 }
        return end == range.upperBound
    }
}
