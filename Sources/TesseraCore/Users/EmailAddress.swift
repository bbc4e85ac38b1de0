/// What people sign in with: `local@domain`.
///
/// Compared without regard to the case of ASCII letters, by bytes otherwise. Not a full RFC 5322 grammar: one `@`,
/// something on both sides, printable, at most 254 bytes (RFC 5321 §4.5.3.1.3).
public struct EmailAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address with ASCII letters in lower case.
    public let text: String

    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 254, !bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return nil }
        // U+0080–U+009F are control characters too; in UTF-8 they begin with C2 and stay below A0.
        guard !zip(bytes, bytes.dropFirst()).contains(where: { $0 == 0xC2 && $1 < 0xA0 }) else { return nil }
        let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        let lowered = bytes.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
        self.text = String(decoding: lowered, as: UTF8.self)
    }

    /// Byte equality: two addresses that only look alike to Unicode are two addresses.
    public static func == (left: EmailAddress, right: EmailAddress) -> Bool {
        // Nearly always the same text in the same place, which is seen at once; `elementsEqual` on strings asks for each byte
        // whether there is another.
        left.text.utf8.withContiguousStorageIfAvailable { left in
            right.text.utf8.withContiguousStorageIfAvailable { right in
                left.count == right.count
                    && (left.baseAddress == right.baseAddress || left.elementsEqual(right))
            }
        } == true
    }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    public var description: String { text }
}
