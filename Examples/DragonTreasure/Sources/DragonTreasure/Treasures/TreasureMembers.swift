import TesseraCore
import TesseraJSON
import TesseraOpenAPI
import TesseraText
import TesseraTime

/// What a body says about a treasure: all of it for a new one, any part of it for a change.
struct TreasureMembers: Sendable {
    enum Purpose {
        case new, change
    }

    let name: String?
    let description: String?
    let value: Int64?
    let coolFactor: Int64?
    let isPublished: Bool?
    /// Outside: whether it was there; inside: what it says, `null` included.
    let plunderedAt: NumericDate??

    /// Takes the members from a reader, which keeps what is wrong with them.
    ///
    /// - Parameter owner: Whose the treasure is. A body may repeat that, and nothing else: a treasure made or given in
    ///   somebody else's name would be a way to speak for them.
    init(from reader: inout MemberReader, for purpose: Purpose, of owner: User.ID) {
        switch purpose {
        case .new:
            name = reader.required("name", .treasureName)
            description = reader.required("description", .treasureDescription)
        case .change:
            name = reader.optional("name", .treasureName)
            description = reader.optional("description", .treasureDescription)
        }
        value = reader.optional("value", .goldCoins)
        coolFactor = reader.optional("cool_factor", .coolFactor)
        isPublished = reader.optional("is_published", .bool)
        plunderedAt = reader.optional("plundered_at", .nullable(.instant))
        if let named = reader.optional("owner", .userPath), named != owner {
            reader.report("may only be its owner: a treasure is nobody else's to give", at: "owner")
        }
    }

    /// Changes what was named, and leaves the rest.
    func apply(to treasure: inout Treasure) {
        if let name { treasure.name = name }
        if let description { treasure.description = description }
        if let value { treasure.value = value }
        if let coolFactor { treasure.coolFactor = coolFactor }
        if let isPublished { treasure.isPublished = isPublished }
        if let plunderedAt { treasure.plunderedAt = plunderedAt }
    }
}

// The rules, each with its sentence. Whatever comes out of a reader keeps them, so nothing behind it checks again.

extension MemberKind<String> {
    fileprivate static var treasureName: Self {
        // Characters as JSON Schema counts them, so that this rule and the description agree.
        MemberKind("must have 2 to 50 characters, all of them visible, and not be blank") { value in
            value.string.flatMap { NameText($0, limit: TextLimit(2...50))?.text }
        }
    }

    fileprivate static var treasureDescription: Self {
        MemberKind("must be text that is not blank, without control characters other than line ends") {
            value in
            value.string.flatMap { $0.isText(allowing: ["\n", "\r", "\t"]) ? $0 : nil }
        }
    }
}

extension MemberKind<Int64> {
    /// The upper bound is what a program that reads numbers as doubles still gets right (RFC 7493 §2.2).
    fileprivate static var goldCoins: Self { .integer(in: 0...9_007_199_254_740_991) }

    fileprivate static var coolFactor: Self { .integer(in: 0...10) }

    private static func integer(in range: ClosedRange<Int64>) -> Self {
        MemberKind("must be an integer from \(range.lowerBound) to \(range.upperBound)") { value in
            value.number?.int64.flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension MemberKind<User.ID> {
    fileprivate static var userPath: Self {
        MemberKind("must be the path of a user, such as \(User.path(User.ID(high: 0, low: 0)))") { value in
            value.string.flatMap(User.id(path:))
        }
    }
}

extension String {
    /// Whether there is something to read, and nothing that only a terminal would understand.
    fileprivate func isText(allowing allowed: Set<Unicode.Scalar>) -> Bool {
        contains { !$0.isWhitespace }
            && unicodeScalars.allSatisfy {
                $0.properties.generalCategory != .control || allowed.contains($0)
            }
    }
}

// The same rules in the words of the description.

extension JSONSchema {
    static let treasureName = name(2...50)
    static let treasureDescription = prose
    static let goldCoins = integer(0...9_007_199_254_740_991)
    static let coolFactor = integer(0...10)

    static let newTreasure = closedObject(
        .required("name", .treasureName),
        .required("description", .treasureDescription),
        .optional("value", .goldCoins, "In gold coins; 0 unless named."),
        .optional("cool_factor", .coolFactor, "0 unless named."),
        .optional("is_published", .bool, "False unless named."),
        .optional("plundered_at", .instant.nullable),
        .optional("owner", .userPath, "The caller.")
    ).named("NewTreasure")

    static let treasureChange = closedObject(
        .optional("name", .treasureName),
        .optional("description", .treasureDescription),
        .optional("value", .goldCoins, "In gold coins."),
        .optional("cool_factor", .coolFactor),
        .optional("is_published", .bool),
        .optional("plundered_at", .instant.nullable),
        .optional("owner", .userPath, "Its owner, and nobody else.")
    ).named("TreasureChange")
}
