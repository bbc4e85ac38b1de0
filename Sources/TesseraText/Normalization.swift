/// Unicode Normalization Form C and full case folding.
package enum Normalization {
    /// A text in Normalization Form C; `nil` when the library is not installed that knows the form of this text.
    package static func composed(_ text: String) -> String? {
        // Every sequence of characters below U+0300, the first combining mark, is in this form. In UTF-8 they begin below CC.
        if text.utf8.allSatisfy({ $0 < 0xCC }) { return text }
        return UnicodeLibrary.shared?.composed(text)
    }

    /// A text without distinctions of case, in Normalization Form C: two texts that differ by case or normalization alone
    /// have the same. Full folding that depends on no language: `ß` and `ss` are the same, the Turkish dotless `ı` stays.
    ///
    /// `nil` when the library is not installed, or does not know each character: a later version could fold it differently.
    package static func folded(_ text: String) -> String? {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return lowercasedASCII(text) }
        guard let library = UnicodeLibrary.shared,
            text.unicodeScalars.allSatisfy({ $0.isASCII || library.knows($0) })
        else { return nil }
        return library.folded(text)
    }

    /// The text with the letters of ASCII in lower case.
    package static func lowercasedASCII(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 &- 0x41 < 26 }) else { return text }
        return String(decoding: text.utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
