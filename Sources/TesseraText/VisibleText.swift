/// The characters that a text for people may contain.
public enum VisibleText {
    /// Reports whether each character of a text is visible and none affects the text around it.
    ///
    /// Joiners (U+200C, U+200D) and the emoji selector (U+FE0F) are invisible as well. They are accepted only where
    /// they change the appearance: a joiner between a virama and a letter (RFC 5892 Appendix A.1 and A.2), as
    /// Devanagari and related scripts need it, a zero-width joiner between two emoji, and the selector after an emoji.
    /// They are refused elsewhere, also between Arabic letters, where they would be visible only in the shapes of
    /// adjacent letters.
    public static func isVisible(_ text: String) -> Bool {
        // Printable ASCII is always visible.
        if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return true }
        let scalars = Array(text.unicodeScalars)
        return scalars.indices.allSatisfy { index in
            isVisible(scalars[index]) || isJoiner(at: index, scalars) || isSelector(at: index, scalars)
        }
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        // Noncharacters count as unassigned.
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            false
        default: !scalar.properties.isDefaultIgnorableCodePoint && !blanks.contains(scalar)
        }
    }

    /// Symbols without an appearance: a Braille pattern without dots, a note without a head, and the object replacement
    /// character.
    private static let blanks: Set<Unicode.Scalar> = ["\u{2800}", "\u{1D159}", "\u{FFFC}"]

    private static func isJoiner(at index: Int, _ scalars: [Unicode.Scalar]) -> Bool {
        guard scalars[index] == "\u{200D}" || scalars[index] == "\u{200C}", index > 0,
            index + 1 < scalars.count
        else { return false }
        let next = scalars[index + 1]
        if scalars[index - 1].properties.canonicalCombiningClass == .virama {
            return next.properties.isAlphabetic
        }
        guard scalars[index] == "\u{200D}", isEmoji(next) else { return false }
        let base = scalars[..<index].last { $0 != "\u{FE0F}" && !$0.properties.isEmojiModifier }
        return base.map(isEmoji) ?? false
    }

    private static func isSelector(at index: Int, _ scalars: [Unicode.Scalar]) -> Bool {
        scalars[index] == "\u{FE0F}" && index > 0 && isEmoji(scalars[index - 1])
    }

    /// Unicode counts digits as emoji.
    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isEmoji && !scalar.isASCII
    }
}
