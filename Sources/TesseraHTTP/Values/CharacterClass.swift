/// The byte classes of the HTTP grammar, RFC 9110 §5.6.
enum CharacterClass {
    /// `tchar`: what a method and a field name may consist of (RFC 9110 §5.6.2).
    static func isTokenByte(_ byte: UInt8) -> Bool { table[Int(byte)] & 1 != 0 }

    /// What a field value may contain: VCHAR, SP, HTAB and obs-text (RFC 9110 §5.5).
    static func isFieldValueByte(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

    private static let table: [UInt8] = (0...255).map { value in
        let byte = UInt8(value)
        let isAlphanumeric =
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        return isAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains(byte) ? 1 : 0
    }
}
