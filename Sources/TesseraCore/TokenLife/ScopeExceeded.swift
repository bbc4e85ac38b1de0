/// A token asks for something that would give another token more than it has itself.
///
/// The rule is one for all such changes: the scopes of the other token must be a subset of its own. A token with fewer scopes
/// could otherwise learn the string of a stronger one, bring it back or let it live on.
public enum ScopeExceeded: Error, Sendable {
    /// It would replace the other token, and learn the new string.
    case byRotation
    /// It would put off the end of the other token, or enable it.
    case byChange

    /// For the client.
    public var sentence: String {
        switch self {
        case .byRotation: "A token cannot replace one that may do more than itself."
        case .byChange: "A token cannot prolong or enable one that may do more than itself."
        }
    }
}
