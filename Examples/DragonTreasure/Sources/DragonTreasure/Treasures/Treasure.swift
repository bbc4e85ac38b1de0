public import Tessera

/// Something that a dragon has, or would like to have.
public struct Treasure: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<Treasure>

    public let id: ID
    /// The owner. Treasures do not change hands.
    public let owner: User.ID
    public var name: String
    public var description: String
    /// In gold coins; never negative.
    public var value: Int64 = 0
    /// From 0 to 10.
    public var coolFactor: Int64 = 0
    /// Indicates that every visitor may see it, not only its owner and admins.
    public var isPublished = false
    /// The instant at which it changed its place; `nil` when that is not known.
    public var plunderedAt: NumericDate?

    init(id: ID, owner: User.ID, name: String, description: String) {
        self.id = id
        self.owner = owner
        self.name = name
        self.description = description
    }
}

extension Treasure {
    /// The path of a treasure.
    static func path(_ id: ID) -> String { "/api/treasures/\(id)" }

    /// Reports whether a caller may know that it exists; `nil` stands for a caller without credentials.
    func isVisible(to caller: User?) -> Bool {
        guard let caller else { return isPublished }
        return isPublished || isEditable(by: caller)
    }

    /// Reports whether a caller may change it.
    func isEditable(by caller: User) -> Bool {
        caller.isOperator || owner == caller.id
    }
}
