import Tessera

/// The members of a treasure that a body names: those of a new one, or those that a change replaces.
struct TreasureMembers: Sendable {
    let name: String?
    let description: String?
    let value: Int64?
    let coolFactor: Int64?
    let isPublished: Bool?
    /// The outer optional is `nil` for a body without the member, the inner one for `null`.
    let plunderedAt: NumericDate??
    private let owner: User.ID?

    /// Takes the members of a body that keeps its schema.
    init(from reader: inout MemberReader) {
        name = reader.optional("name", .name(2...50))
        description = reader.optional("description", .string)
        value = reader.optional("value", .integer)
        coolFactor = reader.optional("cool_factor", .integer)
        isPublished = reader.optional("is_published", .bool)
        plunderedAt = reader.optional("plundered_at", .nullable(.instant))
        owner = reader.optional("owner", .userPath)
    }

    /// Refuses a body that names another owner: a treasure in the name of another user would be a way to speak for them.
    func requireOwner(_ rightful: User.ID) throws(Violations) {
        guard let owner, owner != rightful else { return }
        throw Violations(path: "owner", message: "may only be its owner: a treasure does not change hands")
    }

    /// Changes the members that were named, and leaves the rest.
    func apply(to treasure: inout Treasure) {
        if let name { treasure.name = name }
        if let description { treasure.description = description }
        if let value { treasure.value = value }
        if let coolFactor { treasure.coolFactor = coolFactor }
        if let isPublished { treasure.isPublished = isPublished }
        if let plunderedAt { treasure.plunderedAt = plunderedAt }
    }
}

extension MemberKind<User.ID> {
    fileprivate static var userPath: Self {
        MemberKind("must be the path of a user") { value in value.string.flatMap(User.id(path:)) }
    }
}

extension JSONSchema {
    // Lengths are Unicode scalars, as JSON Schema counts them.
    static let treasureName = name(2...50)
    // The upper bound is the largest number that programs which read doubles still get right (RFC 7493 §2.2).
    static let goldCoins = integer(0...9_007_199_254_740_991)
    static let coolFactor = integer(0...10)
}
