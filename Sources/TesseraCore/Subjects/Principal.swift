/// A subject as the store knows it, with the state that decides what its tokens may do.
public enum Principal: Sendable, Hashable {
    case user(User)
    case client(Client.ID)

    /// The subject that this is the state of.
    public var subject: Subject {
        switch self {
        case .user(let user): .user(user.id)
        case .client(let id): .client(id)
        }
    }

    /// The user; `nil` for a client.
    public var user: User? { if case .user(let user) = self { user } else { nil } }

    /// Indicates that tokens of this subject are accepted.
    public var isActive: Bool {
        switch self {
        case .user(let user): user.isActive
        case .client: true
        }
    }

    /// Reports whether this is the user with an identifier.
    func isUser(_ id: User.ID) -> Bool { if case .user(let user) = self { user.id == id } else { false } }
}
