/// A set of permissions, RFC 6749 §3.3. May be empty.
public struct Scope: Sendable, Hashable, CustomStringConvertible {
    /// The permissions in the order of their names, each once.
    public let tokens: [ScopeToken]

    /// The scope without permissions.
    public static let empty = Scope([])

    /// Makes a scope of permissions, sorted and without duplicates.
    public init(_ tokens: some Sequence<ScopeToken>) {
        var unique: [ScopeToken] = []
        for token in tokens.sorted() where token != unique.last { unique.append(token) }
        self.tokens = unique
    }

    /// A list that is sorted and free of duplicates already.
    private init(sorted tokens: [ScopeToken]) { self.tokens = tokens }

    /// Indicates that the scope has no permission.
    public var isEmpty: Bool { tokens.isEmpty }

    /// Reports whether the scope has a permission.
    public func contains(_ token: ScopeToken) -> Bool { tokens.contains(token) }

    /// Reports whether `other` has every permission of this scope.
    public func isSubset(of other: Scope) -> Bool { tokens.allSatisfy(other.contains) }

    /// The permissions that both scopes have.
    public func intersection(_ other: Scope) -> Scope {
        // Nearly always everything stays, and then the array can be shared.
        isSubset(of: other) ? self : Scope(sorted: tokens.filter(other.contains))
    }

    /// The names, separated by spaces, as OAuth writes them.
    public var description: String { tokens.map(\.text).joined(separator: " ") }
}

extension Scope: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: ScopeToken...) { self.init(elements) }
}
