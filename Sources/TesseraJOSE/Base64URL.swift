/// The URL-safe base 64 encoding without padding — RFC 4648 §5, RFC 7515 §2.
///
/// Every byte string has exactly one text, and only that text decodes: two spellings of one signature would
/// be two tokens for code that remembers tokens by their text.
public enum Base64URL {
    /// The text of `bytes`, of the 64 characters `A–Z a–z 0–9 - _`; empty for no bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: (bytes.count * 4 + 2) / 3) { output in
            alphabet.withUnsafeBufferPointer { alphabet in
                var pending: UInt32 = 0
                var bits: UInt32 = 0
                var written = 0
                for byte in bytes {
                    pending = pending << 8 | UInt32(byte)
                    bits += 8
                    while bits >= 6 {
                        bits -= 6
                        output[written] = alphabet[Int(pending >> bits & 0x3F)]
                        written += 1
                    }
                }
                if bits > 0 {
                    output[written] = alphabet[Int(pending << (6 - bits) & 0x3F)]
                    written += 1
                }
                return written
            }
        }
    }

    /// The bytes that `text` encodes.
    ///
    /// - Returns: nil unless `text` is what ``encode(_:)`` would have written: padding, `+` and `/`, white
    ///   space, bits set beyond the last byte, and a single character at the end are refused.
    public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        text.withUnsafeBufferPointer { decode($0) }
    }

    /// The bytes that `text` encodes; nil as for a span.
    public static func decode(_ text: [UInt8]) -> [UInt8]? {
        text.withUnsafeBufferPointer { decode($0) }
    }

    /// The bytes that the UTF-8 of `text` encodes; nil as for a span.
    public static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { decode($0) }
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var isCanonical = false
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 2) { output, written in
            isCanonical = values.withUnsafeBufferPointer { values in
                var pending: UInt32 = 0
                var bits: UInt32 = 0
                // Any character outside the alphabet leaves its mark here.
                var marks: UInt8 = 0
                for character in text {
                    let value = values[Int(character)]
                    marks |= value
                    pending = pending << 6 | UInt32(value & 0x3F)
                    bits += 6
                    if bits >= 8 {
                        bits -= 8
                        output[written] = UInt8(truncatingIfNeeded: pending >> bits)
                        written += 1
                    }
                }
                return marks < 64 && pending & (1 << bits - 1) == 0
            }
        }
        return isCanonical ? bytes : nil
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The value of each character; 0xFF for those outside the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()
}
