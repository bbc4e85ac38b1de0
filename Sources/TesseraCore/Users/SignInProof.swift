/// A user whose password was just verified, and the state of the account for which that is true.
///
/// A sign-in takes time: the password is hashed between the look-up of the account and the change that follows. That
/// change is made only if the account is still in this state, so that a session, or a new hash of an old password, cannot
/// outlive a change of the password or a disabled account.
public struct SignInProof: Sendable, Hashable {
    /// The user whose password was verified.
    public let user: User
    /// The hash that the password was verified against: a PHC string.
    public let passwordHash: String
    /// A number of the store that changes at least when the account is disabled or enabled.
    public let revision: Int64

    public init(user: User, passwordHash: String, revision: Int64) {
        self.user = user
        self.passwordHash = passwordHash
        self.revision = revision
    }
}

extension SignInProof: CustomStringConvertible, CustomReflectable {
    /// The user alone: a hash of a password does not belong into logs.
    public var description: String { "SignInProof(\(user.id))" }
    public var customMirror: Mirror { Mirror(self, children: ["user": user.id]) }
}
