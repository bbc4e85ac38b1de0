/// The party for which a token stands: a person, or an application that acts for itself (RFC 6749 §1.1).
///
/// A token has one subject. It may also have a client, which received it, and a grant, which is the consent behind it.
/// ``Principal`` is a subject with the state that decides what its tokens may do.
public enum Subject: Sendable, Hashable, CustomStringConvertible {
    case user(User.ID)
    case client(Client.ID)

    /// The user; `nil` for a client.
    public var user: User.ID? { if case .user(let id) = self { id } else { nil } }

    /// The identifier alone.
    public var description: String {
        switch self {
        case .user(let id): id.description
        case .client(let id): id.description
        }
    }
}
