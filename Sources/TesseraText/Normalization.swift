/// Unicode Normalization Form C and full case folding.
package enum Normalization {
    /// Returns the text in Normalization Form C; `nil` if the text needs a library that is not installed.
    package static func composed(_ text: String) -> String? {
        // Text below U+0300, the first combining mark, is always in this form. In UTF-8 its bytes are below 0xCC.
        if text.utf8.allSatisfy({ $0 < 0xCC }) { return text }
        return UnicodeLibrary.shared?.composed(text)
    }

    /// Returns the text without case distinctions, in Normalization Form C: two texts that differ only in case or
    /// normalization have the same result. Full folding, independent of language: `ß` equals `ss`, and the Turkish
    /// dotless `ı` stays.
    ///
    /// `nil` if the library is not installed or does not know a character, because a later version could fold it
    /// differently.
    package static func folded(_ text: String) -> String? {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return lowercasedASCII(text) }
        guard let library = UnicodeLibrary.shared,
            text.unicodeScalars.allSatisfy({ $0.isASCII || library.knows($0) })
        else { return nil }
        return library.folded(text)
    }

    /// Returns the text with ASCII letters in lower case.
    package static func lowercasedASCII(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 &- 0x41 < 26 }) else { return text }
        return String(decoding: text.utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
