/// A text that identifies a person or a thing on a page, in a list or in a log, such as the name of a user, a token or
/// a treasure.
///
/// Two different names must look different, and a name must not affect the text around it. Therefore:
/// - Control and format characters (bidirectional overrides and isolates, zero-width characters, the soft hyphen,
///   tags), line and paragraph separators, private-use characters, unassigned code points, noncharacters and other
///   invisible characters are refused (``VisibleText``).
/// - White space at the ends is removed. White space inside becomes one space.
/// - The text is stored in Unicode Normalization Form C.
/// - A name does not start with a combining mark.
///
/// Similar letters of different scripts are not detected.
public struct NameText: Sendable, Hashable, CustomStringConvertible {
    /// The stored form of the name.
    public let text: String

    /// Makes a name; `nil` if a rule is broken.
    ///
    /// - Parameters:
    ///   - typed: The text as received.
    ///   - limit: The limit for the received text without the white space at its ends. The stored form can be shorter,
    ///     but never exceeds the limit.
    public init?(_ typed: String, limit: TextLimit) {
        if Self.isPlain(typed) {
            guard limit.admits(typed) else { return nil }
            text = typed
            return
        }
        let trimmed = Self.trimmed(typed)
        // Checked first, so that long texts take no time.
        guard limit.admits(trimmed), let name = Normalization.composed(Self.singleSpaced(trimmed)),
            TextLimit(0...limit.scalars.upperBound, bytes: limit.bytes).admits(name),
            VisibleText.isVisible(name), !Self.beginsWithMark(name)
        else { return nil }
        text = name
    }

    /// The stored form of the name.
    public var description: String { text }

    /// Compares the bytes.
    public static func == (left: NameText, right: NameText) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    /// Reports whether a text is printable ASCII with single spaces between words, as nearly every name is.
    private static func isPlain(_ text: String) -> Bool {
        var last: UInt8 = 0x20
        for byte in text.utf8 {
            guard (0x20...0x7E).contains(byte), byte != 0x20 || last != 0x20 else { return false }
            last = byte
        }
        return last != 0x20
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let start = scalars.drop { $0.properties.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        return String(start[...last])
    }

    /// Replaces each run of space separators with one space. Tabs and line ends are not space separators and stay.
    private static func singleSpaced(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.generalCategory != .spaceSeparator {
                kept.append(scalar)
            } else if kept.last != " " {
                kept.append(" ")
            }
        }
        return String(kept)
    }

    private static func beginsWithMark(_ text: String) -> Bool {
        switch text.unicodeScalars.first?.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
