import TesseraText

/// A permission of the catalogue, with the words in which a person is asked for it.
public struct ScopeDefinition: Sendable, Hashable {
    /// The name of the permission.
    public let name: ScopeToken
    /// The words for what the permission allows, such as "Create treasures": 1–200 Unicode scalars that keep the rule of
    /// `NameText`. ``ScopeCatalogue`` accepts no others.
    public let description: String
    /// Indicates that only operators may have the permission.
    public let isForOperators: Bool

    public init(_ name: ScopeToken, _ description: String, isForOperators: Bool = false) {
        self.name = name
        self.description = description
        self.isForOperators = isForOperators
    }

    /// A description in the form in which it is kept; `nil` when the text cannot be one.
    public static func description(_ typed: String) -> String? { NameText(typed, limit: limit)?.text }

    private static let limit = TextLimit(1...200)

    /// The same in the form in which it is kept.
    var checked: ScopeDefinition {
        get throws(InvalidInput) {
            guard let description = Self.description(description) else {
                throw InvalidInput(
                    "description", "Describe the scope \(name) in 1 to 200 printable characters on one line.")
            }
            return ScopeDefinition(name, description, isForOperators: isForOperators)
        }
    }

    /// The permissions of Tessera itself.
    public static let builtIn = [
        ScopeDefinition(.tokensRead, "See your access tokens"),
        ScopeDefinition(.tokensWrite, "Create, change, rotate and revoke your access tokens"),
    ]
}
