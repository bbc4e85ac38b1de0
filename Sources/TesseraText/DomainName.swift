/// A host or domain name, as after the `@` of an e-mail address.
///
/// Its labels consist of letters, digits and hyphens (RFC 5890 §2.3.1), or are internationalized (IDNA 2008 with the
/// non-transitional mappings of UTS 46: `straße.de` and `strasse.de` are two names). A name whose last label consists
/// of digits is an IP address and is refused (RFC 3696 §2), as are address literals in brackets and a dot at the end.
package struct DomainName: Sendable, Hashable {
    /// The canonical form for people, with U-labels in lower case.
    package let text: String

    /// Parses a name.
    ///
    /// - Parameter typed: A name in any case, composed or decomposed, with U-labels, A-labels or both, and with East
    ///   Asian full stops.
    package init?(_ typed: String) {
        let lowered = Normalization.lowercasedASCII(typed)
        if lowered.utf8.allSatisfy({ $0 < 0x80 }), !Self.hasEncodedLabel(lowered) {
            guard Self.isHostName(lowered) else { return nil }
            text = lowered
            return
        }
        // The library maps some invisible characters to nothing. A name with such characters looks like another name,
        // so it is refused. Joiners have their own rules in the library (RFC 5892 Appendix A).
        guard typed.utf8.count <= Self.longestTyped, lowered.utf8.allSatisfy(Self.isAllowed),
            VisibleText.isVisible(
                String(typed.unicodeScalars.filter { $0 != "\u{200C}" && $0 != "\u{200D}" })),
            let library = UnicodeLibrary.shared,
            let ascii = library.asciiDomain(lowered), Self.isHostName(ascii),
            let name = library.unicodeDomain(ascii),
            // An A-label must be the encoding of its U-label (RFC 5891 §5.4).
            library.asciiDomain(name) == ascii,
            // The library accepts a few symbols that RFC 5892 does not allow.
            !name.unicodeScalars.contains(where: Self.isSymbol)
        else { return nil }
        text = name
    }

    /// Far longer than any Unicode name whose encoded form has a valid length.
    private static let longestTyped = 1_024

    private static func hasEncodedLabel(_ text: String) -> Bool {
        text.utf8.split(separator: UInt8(ascii: ".")).contains { $0.starts(with: "xn--".utf8) }
    }

    /// Reports whether the name and its labels have valid lengths and characters (RFC 1123 §2.1, RFC 1035 §2.3.4).
    private static func isHostName(_ text: String) -> Bool {
        let hyphen = UInt8(ascii: "-")
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, let last = labels.last else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
                && label.allSatisfy { isAllowed($0) && $0 < 0x80 }
        } && !last.allSatisfy(isDigit)
    }

    /// Lowercase letters, digits, the hyphen, the dot, and all characters outside ASCII.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte &- 0x61 < 26 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || byte >= 0x80
    }

    private static func isSymbol(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: true
        default: false
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
