/// What a person calls a token: 1–100 characters, none a control character, no white space around it.
public struct TokenName: Sendable, Hashable, CustomStringConvertible {
    public static let longest = 100

    public let text: String

    /// - Parameter text: As typed; white space around it is dropped.
    public init?(_ text: String) {
        guard text.utf8.count <= 16 * Self.longest else { return nil }
        if Self.isPlain(text) {
            self.text = text
            return
        }
        let trimmed = text.drop(while: \.isWhitespace)
        let end =
            trimmed.lastIndex { !$0.isWhitespace }.map { trimmed.index(after: $0) } ?? trimmed.startIndex
        let name = String(trimmed[..<end])
        guard (1...Self.longest).contains(name.count) else { return nil }
        guard !name.unicodeScalars.contains(where: Self.isInvisible) else { return nil }
        self.text = name
    }

    public var description: String { text }

    /// Whether a text is printable ASCII without white space around it. Nearly every name is, and then nothing else
    /// has to be asked: a name is read with every look-up of a token.
    private static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...longest).contains(bytes.count), bytes.first != 0x20, bytes.last != 0x20 else {
            return false
        }
        return bytes.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// Control and format characters would let a name lie on a page: they can turn the direction of text around.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        // Joins emoji and the letters of some scripts; harmless within a name.
        if scalar == "\u{200D}" || scalar == "\u{200C}" { return false }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            true
        default: false
        }
    }
}
