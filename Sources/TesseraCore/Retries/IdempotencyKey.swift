/// The value of a field `Idempotency-Key`: the name that a client gives to one attempt to create something
/// (draft-ietf-httpapi-idempotency-key-header-07 §2.1).
///
/// A structured string in quotes (RFC 9651 §3.3.3), or the same text without quotes, as many clients send it. Both forms
/// of a text are the same key.
public struct IdempotencyKey: Sendable, Hashable {
    /// The largest number of characters.
    public static let longest = 255

    /// The text, without quotes and escapes.
    public let text: String

    /// - Parameter value: The value of the field; anything else than one key gives `nil`.
    public init?(_ value: String) {
        let bytes = Array(value.utf8)
        let text = bytes.first == UInt8(ascii: "\"") ? Self.unquoted(bytes) : Self.bare(bytes)
        guard let text, (1...Self.longest).contains(text.count) else { return nil }
        self.text = String(decoding: text, as: UTF8.self)
    }

    /// The text between the quotes of a structured string. Parameters behind it are refused, because none is defined.
    private static func unquoted(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count >= 2, bytes.last == UInt8(ascii: "\"") else { return nil }
        var text: [UInt8] = []
        var isEscaped = false
        for byte in bytes.dropFirst().dropLast() {
            let isSpecial = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
            if isEscaped {
                guard isSpecial else { return nil }
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
                continue
            } else if byte == UInt8(ascii: "\"") || !(0x20...0x7E).contains(byte) {
                return nil
            }
            text.append(byte)
        }
        return isEscaped ? nil : text
    }

    /// Letters, digits and the marks of a token (RFC 9651 §3.3.4), and `=`, with which Base64 ends.
    private static func bare(_ bytes: [UInt8]) -> [UInt8]? {
        let isBare = bytes.allSatisfy { byte in
            byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || marks.contains(byte)
        }
        return isBare ? bytes : nil
    }

    private static let marks = Set("!#$%&'*+-.^_`|~:/=".utf8)
}
