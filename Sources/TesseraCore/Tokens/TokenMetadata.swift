import TesseraText

/// Notes of an owner on a token for their programs: names with texts, returned where the token is checked.
///
/// At most 20 names of 1–40 Unicode scalars with texts of at most 500, no more than 4,096 bytes of UTF-8 in all. Names
/// keep the rule of `NameText`, and each stands once; texts consist of visible characters. Not a place for secrets: each
/// program that presents the token gets them.
public struct TokenMetadata: Sendable, Hashable {
    /// A note: a name and a text.
    public struct Entry: Sendable, Hashable {
        /// The name of the note.
        public let name: String
        /// The text of the note.
        public let text: String
    }

    /// No notes.
    public static let empty = TokenMetadata(checked: [])
    /// The largest number of notes.
    public static let mostEntries = 20
    /// The longest name, in characters.
    public static let longestName = 40
    /// The longest text, in characters.
    public static let longestText = 500
    /// The largest size of all notes together, in bytes.
    public static let mostBytes = 4_096

    /// In the order of the names, by bytes; no name twice.
    public let entries: [Entry]

    /// - Throws: ``InvalidInput`` with everything that is wrong, each with its path below `metadata`.
    public init(_ texts: [String: String]) throws(InvalidInput) {
        let entries = Self.sorted(texts.map { Entry(name: $0.key, text: $0.value) })
        var kept: [Entry] = []
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
            guard let name = NameText(entry.name, limit: Self.nameLimit) else {
                problems.append(
                    .init(
                        path: "metadata",
                        message: "Use names of 1 to \(Self.longestName) printable characters."))
                continue
            }
            if kept.contains(where: { $0.name == name.text }) {
                problems.append(.init(path: "metadata.\(name)", message: "Use each name once."))
            }
            if !Self.textLimit.admits(entry.text) || !VisibleText.isVisible(entry.text) {
                problems.append(
                    .init(
                        path: "metadata.\(name)",
                        message: "Write at most \(Self.longestText) printable characters."))
            }
            kept.append(Entry(name: name.text, text: entry.text))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.init(checked: Self.sorted(kept))
    }

    /// Notes as a store keeps them, which may be older than the present rule.
    package init(stored texts: [(name: String, text: String)]) {
        self.init(checked: Self.sorted(texts.map { Entry(name: $0.name, text: $0.text) }))
    }

    private static let nameLimit = TextLimit(1...longestName)
    private static let textLimit = TextLimit(0...longestText)

    private static func sorted(_ entries: [Entry]) -> [Entry] {
        entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private init(checked entries: [Entry]) { self.entries = entries }

    /// Indicates that there are no notes.
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
}
