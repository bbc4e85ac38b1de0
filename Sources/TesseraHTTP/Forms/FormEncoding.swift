/// The encoder for `application/x-www-form-urlencoded`; ``FormParameters`` is the parser.
public enum FormEncoding {
    /// Encodes pairs in order; a space becomes `+`.
    public static func encode(_ pairs: [(String, String)]) -> String {
        pairs.map { encode($0) + "=" + encode($1) }.joined(separator: "&")
    }

    /// Encodes one name or value.
    public static func encode(_ text: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case 0x20: result.append(0x2B)
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2A, 0x2D, 0x2E, 0x5F: result.append(byte)
            default: PercentEncoding.appendTriplet(byte, to: &result)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Decodes a single name or value, such as one half of HTTP Basic credentials.
    ///
    /// - Throws: ``FormError`` if the text is malformed, not UTF-8, or contains NUL.
    public static func decode(_ text: String) throws(FormError) -> String {
        let bytes = Array(text.utf8)
        return try decode(bytes, in: bytes.indices)
    }

    /// Decodes the bytes in this range.
    static func decode(_ bytes: [UInt8], in range: Range<Int>) throws(FormError) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            var byte = bytes[index]
            var length = 1
            if byte == 0x2B {
                byte = 0x20
            } else if byte == 0x25 {
                guard index + 2 < range.upperBound,
                    let high = PercentEncoding.value(ofHexDigit: bytes[index + 1]),
                    let low = PercentEncoding.value(ofHexDigit: bytes[index + 2])
                else { throw .badPercentEncoding(at: index) }
                byte = high << 4 | low
                length = 3
            } else if byte != 0, byte < 0x20 || byte == 0x7F {
                throw .controlCharacter(at: index)
            }
            // A C library would end the text here.
            guard byte != 0 else { throw .nul(at: index) }
            decoded.append(byte)
            index += length
        }
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw .notUTF8(at: range.lowerBound)
        }
        return text
    }
}
