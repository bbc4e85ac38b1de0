public import TesseraTime

/// The authority by which a change is made.
///
/// A request is checked when it begins, and changes something later: its body may take seconds to arrive. Every method of
/// a store that changes something for a caller therefore takes an authorization, and repeats the check where it makes the
/// change: in the same transaction. A revocation that was answered before the change is made always wins.
public struct Authorization: Sendable, Hashable {
    /// The party that audit events name.
    public let actor: Actor
    /// The condition under which the change may be made; `nil` for none.
    public let condition: Condition?

    /// The state of an account and of its credential that a change needs.
    public struct Condition: Sendable, Hashable {
        /// The credential with which the request was made.
        public enum Credential: Sendable, Hashable {
            /// The session must not have ended.
            case session(Session.ID)
            /// The token must be neither revoked nor expired nor disabled. The scopes of a token never change; its owner's
            /// role can, see ``needsOperator``.
            case token(AccessToken.ID)
        }

        /// The credential that must still hold.
        public let credential: Credential
        /// The owner of the credential, whose account must be active.
        public let user: User.ID
        /// Indicates that the owner must be an operator. An owner who was an operator when the request began must be one still,
        /// because the permission may rest on it.
        public let needsOperator: Bool
    }

    private init(_ actor: Actor, _ condition: Condition? = nil) {
        self.actor = actor
        self.condition = condition
    }

    /// An operator at the command line.
    public static let commandLine = Authorization(.commandLine)
    /// Tessera itself.
    public static let system = Authorization(.system)

    /// A person, without a condition: for a change that is only about what they have just proved themselves, such as
    /// ending the session whose cookie they hold.
    public static func user(_ id: User.ID) -> Authorization { Authorization(.user(id)) }

    /// A person in a web session.
    public static func session(_ id: Session.ID, of user: User) -> Authorization {
        Authorization(
            .user(user.id),
            Condition(credential: .session(id), user: user.id, needsOperator: user.isOperator))
    }

    /// A program with a token.
    public static func token(_ id: AccessToken.ID, of owner: User) -> Authorization {
        Authorization(
            .token(id), Condition(credential: .token(id), user: owner.id, needsOperator: owner.isOperator))
    }
}

extension Authorization.Condition {
    /// Reports whether the condition holds for a token and its owner as they are stored.
    public func holds(for token: AccessToken, of owner: User, at now: NumericDate) -> Bool {
        credential == .token(token.id) && token.state(at: now) == .active && holds(for: owner)
    }

    /// Reports whether the condition holds for a session and its user as they are stored.
    public func holds(for session: Session, of owner: User, at now: NumericDate) -> Bool {
        credential == .session(session.id) && now < session.expiresAt && holds(for: owner)
    }

    private func holds(for owner: User) -> Bool {
        owner.id == user && owner.isActive && (owner.isOperator || !needsOperator)
    }
}
