public import TesseraCrypto

/// What another process or node has changed, so that whoever remembers something of it can forget it.
public enum ForeignChange: Sendable, Hashable {
    /// One token.
    case token(TokenDigest)
    /// An account, and whatever tokens it has.
    case account(User.ID)
    /// The catalogue of permissions.
    case scopes
    /// Anything. From now on, changes are heard.
    case everything
    /// From now on, changes are not heard until ``everything`` tells that they are: nothing that is remembered may be
    /// believed meanwhile.
    case unheard
}
