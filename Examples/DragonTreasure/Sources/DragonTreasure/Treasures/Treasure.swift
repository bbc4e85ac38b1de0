public import TesseraCore
public import TesseraTime

/// Something that a dragon has, or would like to have.
public struct Treasure: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<Treasure>

    public let id: ID
    /// Whose it is. Treasures do not change hands.
    public let owner: User.ID
    public var name: String
    public var description: String
    /// In gold coins; never negative.
    public var value: Int64 = 0
    /// From 0 to 10.
    public var coolFactor: Int64 = 0
    /// Whether everybody may see it, not only its owner and admins.
    public var isPublished = false
    /// When it came to where it is; `nil` when nobody remembers.
    public var plunderedAt: NumericDate?

    init(id: ID, owner: User.ID, name: String, description: String) {
        self.id = id
        self.owner = owner
        self.name = name
        self.description = description
    }
}

extension Treasure {
    /// Where a treasure is found.
    static func path(_ id: ID) -> String { "/api/treasures/\(id)" }

    /// Whether this caller may know that it exists; `nil` is somebody who is not signed in.
    func isVisible(to caller: User?) -> Bool {
        guard let caller else { return isPublished }
        return isPublished || isEditable(by: caller)
    }

    /// Whether this caller may change it.
    func isEditable(by caller: User) -> Bool {
        caller.isOperator || owner == caller.id
    }
}
