/// The byte classes of the HTTP and URI grammars.
enum CharacterClass {
    /// `tchar`, the characters of a method and of a field name (RFC 9110 §5.6.2).
    @inline(__always)
    static func isTokenByte(_ byte: UInt8) -> Bool {
        contains(byte, low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
    }

    /// The characters of a field value: VCHAR, SP, HTAB and obs-text (RFC 9110 §5.5).
    @inline(__always)
    static func isFieldValueByte(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

    /// `pchar` and `/`, without `%`: the characters that a path may contain unencoded (RFC 3986 §3.3).
    @inline(__always)
    static func isPathByte(_ byte: UInt8) -> Bool {
        contains(byte, low: 0x2FFF_FFD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFF)
    }

    /// The characters that a query may contain unencoded (RFC 3986 §3.4), and `[` and `]`, which browsers do not encode
    /// (WHATWG URL, query percent-encode set) and which have no meaning in a query.
    @inline(__always)
    static func isQueryByte(_ byte: UInt8) -> Bool {
        isPathByte(byte) || byte == 0x3F || byte == 0x5B || byte == 0x5D
    }

    /// `unreserved`, the characters of a host name here (RFC 3986 §2.3).
    @inline(__always)
    static func isUnreservedByte(_ byte: UInt8) -> Bool {
        contains(byte, low: 0x03FF_6000_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)
    }

    /// The value of a hexadecimal digit.
    @inline(__always)
    static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// Reports whether a byte is in a set of ASCII characters, given as one bit for each character.
    @inline(__always)
    private static func contains(_ byte: UInt8, low: UInt64, high: UInt64) -> Bool {
        guard byte < 0x80 else { return false }
        return (byte < 0x40 ? low : high) &>> UInt64(byte & 0x3F) & 1 != 0
    }
}
