/// Why a password could not be hashed or checked. A wrong password is not among them: it is an answer.
public enum PasswordError: Error, Sendable, Hashable {
    /// As many are waiting as may wait; try again in a moment.
    case busy
    /// The hasher has been shut down.
    case stopped
    /// The task that asked was cancelled before its turn.
    case cancelled
    /// The stored hash is not one of argon2id, version 19, with parameters in range.
    case malformedHash
    /// argon2 had not enough memory, or could not start a thread.
    case outOfResources
}

extension PasswordError: CustomStringConvertible {
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
