/// The URL-safe base 64 encoding without padding — RFC 4648 §5, RFC 7515 §2.
///
/// Every byte string has exactly one text, and only that text decodes: two spellings of one signature would
/// be two tokens for whatever remembers tokens by their text.
public enum Base64URL {
    /// The text of `bytes`, of the 64 characters `A–Z a–z 0–9 - _`; empty for no bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: (bytes.count * 4 + 2) / 3) { output in
            var pending: UInt32 = 0
            var bits = 0
            var written = 0
            for byte in bytes {
                pending = pending << 8 | UInt32(byte)
                bits += 8
                while bits >= 6 {
                    bits -= 6
                    output[written] = alphabet[Int(pending >> UInt32(bits) & 0x3F)]
                    written += 1
                }
            }
            if bits > 0 {
                output[written] = alphabet[Int(pending << UInt32(6 - bits) & 0x3F)]
                written += 1
            }
            return written
        }
    }

    /// The bytes that `text` encodes.
    ///
    /// - Returns: nil unless `text` is what ``encode(_:)`` would have written: padding, `+` and `/`, white
    ///   space, bits set beyond the last byte, and a single character at the end are refused.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        for character in text {
            let value = values[Int(character)]
            guard value < 64 else { return nil }
            pending = pending << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> bits))
            }
        }
        guard pending & (1 << bits - 1) == 0 else { return nil }
        return bytes
    }

    /// The bytes that `text` encodes; nil where the decoding of its UTF-8 gives nil.
    public static func decode(_ text: String) -> [UInt8]? {
        decode(text.utf8)
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
