/// What an owner has noted on a token for their programs: names with texts, returned where the token is checked.
///
/// At most 20 names of 1–40 characters with texts of at most 500, no more than 4,096 bytes of UTF-8 in all, and no
/// control characters. Not a place for secrets: whoever presents the token is told.
public struct TokenMetadata: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public let name: String
        public let text: String
    }

    public static let empty = TokenMetadata(checked: [])
    public static let mostEntries = 20
    public static let longestName = 40
    public static let longestText = 500
    public static let mostBytes = 4_096

    /// In the order of the names, by bytes; no name twice.
    public let entries: [Entry]

    /// - Throws: ``InvalidInput`` with everything that is wrong, each with its path below `metadata`.
    public init(_ texts: [String: String]) throws(InvalidInput) {
        let entries = texts.map { Entry(name: $0.key, text: $0.value) }.sorted {
            $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        var problems: [InvalidInput.Problem] = []
        if entries.count > Self.mostEntries {
            problems.append(
                .init(path: "metadata", message: "Note at most \(Self.mostEntries) names with their texts."))
        }
        if entries.reduce(0, { $0 + $1.name.utf8.count + $1.text.utf8.count }) > Self.mostBytes {
            problems.append(
                .init(path: "metadata", message: "Note at most \(Self.mostBytes) bytes in all."))
        }
        // Once it is too much anyway, not every entry need be told.
        for entry in entries.prefix(Self.mostEntries) where problems.isEmpty || problems.count < 20 {
            guard Self.isText(entry.name, of: 1...Self.longestName) else {
                problems.append(
                    .init(
                        path: "metadata",
                        message: "Use names of 1 to \(Self.longestName) printable characters."))
                continue
            }
            if !Self.isText(entry.text, of: 0...Self.longestText) {
                problems.append(
                    .init(
                        path: "metadata.\(entry.name)",
                        message: "Write at most \(Self.longestText) printable characters."))
            }
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.init(checked: entries)
    }

    private init(checked entries: [Entry]) { self.entries = entries }

    public var isEmpty: Bool { entries.isEmpty }

    /// The text under a name; `nil` when there is none.
    public subscript(name: String) -> String? { entries.first { $0.name == name }?.text }

    /// The same with some texts put in or, for `nil`, taken out — RFC 7396.
    ///
    /// - Throws: ``InvalidInput`` as ``init(_:)`` does.
    public func merging(_ changes: [String: String?]) throws(InvalidInput) -> TokenMetadata {
        var texts: [String: String] = [:]
        for entry in entries { texts[entry.name] = entry.text }
        for (name, text) in changes { texts[name] = text }
        return try TokenMetadata(texts)
    }

    private static func isText(_ text: String, of length: ClosedRange<Int>) -> Bool {
        length.contains(text.count) && !text.unicodeScalars.contains(where: TokenName.isInvisible)
    }
}
