import Tessera

extension User {
    private static let collection = "/api/users/"

    /// The path of a user.
    static func path(_ id: ID) -> String { collection + id.description }

    /// The identifier in the path of a user; `nil` for any other text.
    static func id(path: String) -> ID? {
        guard path.utf8.starts(with: collection.utf8) else { return nil }
        return ID(String(path.dropFirst(collection.count)))
    }
}

extension JSONSchema {
    /// The path of a user.
    static let userPath = string(
        pattern: "^/api/users/[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$",
        saying: "must be the path of a user, such as \(User.path(User.ID(high: 0, low: 0)))")
}
