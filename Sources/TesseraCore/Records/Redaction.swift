public import TesseraText

/// Leaves out each part of a text that could be a token.
///
/// People put tokens into paths and names, where they do not belong. A text that is kept or logged must not hold them.
public enum Redaction {
    /// The longest run of letters, digits and `_` that is no secret: an identifier in hexadecimal has 32.
    private static let longestWord = 40

    /// A text from outside in the form in which it is kept beside a request or a session: without what could be a token, and
    /// not too long.
    ///
    /// The one way to shorten such a text. A part of a token that is left by cutting first would not be recognized.
    public static func excerpt(of text: String, within limit: TextLimit) -> String {
        limit.cut(redact(text))
    }

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
