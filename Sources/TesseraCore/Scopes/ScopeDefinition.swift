/// A permission of the catalogue, with the words in which a person is asked for it.
public struct ScopeDefinition: Sendable, Hashable {
    public let name: ScopeToken
    /// What the permission allows, such as "Create treasures": 1–200 characters.
    public let description: String
    /// Whether only operators may have it.
    public let isForOperators: Bool

    public init(_ name: ScopeToken, _ description: String, isForOperators: Bool = false) {
        self.name = name
        self.description = description
        self.isForOperators = isForOperators
    }

    /// The permissions of Tessera itself.
    public static let builtIn = [
        ScopeDefinition(.tokensRead, "See your access tokens"),
        ScopeDefinition(.tokensWrite, "Create, change, rotate and revoke your access tokens"),
    ]
}
