/// Leaves out of a text what could be a token, wherever it stands.
///
/// People put tokens into paths and names, where they do not belong; what is kept or logged must not hold them.
public enum Redaction {
    /// The longest run of letters, digits and `_` that is no secret: an identifier in hexadecimal has 32.
    private static let longestWord = 40

    /// The text with every longer run replaced by `<redacted>`.
    public static func redact(_ text: String) -> String {
        guard text.utf8.count > longestWord else { return text }
        var kept: [UInt8] = []
        kept.reserveCapacity(text.utf8.count)
        var wordStart = 0
        func endWord() {
            guard kept.count - wordStart > longestWord else { return }
            kept.replaceSubrange(wordStart..., with: "<redacted>".utf8)
        }
        for byte in text.utf8 {
            let isWordByte = byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_")
            if !isWordByte { endWord() }
            kept.append(byte)
            if !isWordByte { wordStart = kept.count }
        }
        endWord()
        return String(decoding: kept, as: UTF8.self)
    }
}
