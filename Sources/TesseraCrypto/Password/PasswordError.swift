/// The reason why a password could not be hashed or checked. A wrong password is a result, not an error.
public enum PasswordError: Error, Sendable, Hashable {
    /// The queue is full; try again in a moment.
    case busy
    /// The hasher has been shut down.
    case stopped
    /// The task was cancelled before its turn.
    case cancelled
    /// The stored hash is not argon2id, version 19, with parameters in range.
    case malformedHash
    /// argon2 did not get enough memory, or could not start a thread.
    case outOfResources
}

extension PasswordError: CustomStringConvertible {
    /// A phrase for people.
    public var description: String {
        switch self {
        case .busy: "too many passwords are waiting to be checked"
        case .stopped: "the password hasher has been shut down"
        case .cancelled: "the request was cancelled before its password was checked"
        case .malformedHash: "the stored password hash cannot be read"
        case .outOfResources: "there is not enough memory to hash a password"
        }
    }
}
