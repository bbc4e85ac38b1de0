/// Percent-encoding of text for a part of a URI, RFC 3986 §2.1.
public enum PercentEncoding {
    /// Encodes one path segment: all characters except unreserved ones, `/` included.
    public static func pathSegment(_ text: String) -> String { encode(text, keeping: isUnreserved) }

    /// Encodes a name or a value of a query; a space becomes `%20`.
    public static func queryValue(_ text: String) -> String { encode(text, keeping: isUnreserved) }

    /// Encodes a complete decoded path and keeps its slashes.
    public static func path(_ text: String) -> String {
        encode(text) { isUnreserved($0) || $0 == 0x2F }
    }

    static func encode(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
        if text.utf8.allSatisfy(isKept) { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count * 3)
        for byte in text.utf8 {
            if isKept(byte) { result.append(byte) } else { appendTriplet(byte, to: &result) }
        }
        return String(decoding: result, as: UTF8.self)
    }

    static func appendTriplet(_ byte: UInt8, to result: inout [UInt8]) {
        let digits: StaticString = "0123456789ABCDEF"
        result.append(0x25)
        result.append(digits.utf8Start[Int(byte >> 4)])
        result.append(digits.utf8Start[Int(byte & 0xF)])
    }

    /// The value of a hexadecimal digit in either case.
    static func value(ofHexDigit byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// `unreserved`, RFC 3986 §2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }
}
