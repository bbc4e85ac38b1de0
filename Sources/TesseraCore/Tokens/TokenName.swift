/// What a person calls a token: 1–100 characters, none a control character, no white space around it.
public struct TokenName: Sendable, Hashable, CustomStringConvertible {
    public static let longest = 100

    public let text: String

    /// - Parameter text: As typed; white space around it is dropped.
    public init?(_ text: String) {
        guard text.utf8.count <= 16 * Self.longest else { return nil }
        let trimmed = text.drop(while: \.isWhitespace)
        let end =
            trimmed.lastIndex { !$0.isWhitespace }.map { trimmed.index(after: $0) } ?? trimmed.startIndex
        let name = String(trimmed[..<end])
        guard (1...Self.longest).contains(name.count) else { return nil }
        guard !name.unicodeScalars.contains(where: { Self.isInvisible($0.properties.generalCategory) }) else {
            return nil
        }
        self.text = name
    }

    public var description: String { text }

    /// Control and format characters (which can turn the direction of text around) would let a name lie on a page.
    private static func isInvisible(_ category: Unicode.GeneralCategory) -> Bool {
        switch category {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}
