/// A new password, and what becomes of that which the old one may have given away.
public struct PasswordChange: Sendable {
    /// Which sessions end.
    public enum Sessions: Sendable, Hashable {
        case all
        /// The one in which the password was changed, so that a new one can take its place.
        case only(Session.ID)
    }

    /// What came of it.
    public struct Outcome: Sendable, Hashable {
        public let revokedTokens: Int
        public let endedSessions: Int

        public init(revokedTokens: Int, endedSessions: Int) {
            self.revokedTokens = revokedTokens
            self.endedSessions = endedSessions
        }
    }

    public let user: User.ID
    /// The hash of the new password: a PHC string.
    public let hash: String
    public let endedSessions: Sessions
    /// Tells of the change.
    public let audit: AuditEvent
    /// What the event of each token's revocation says (see ``AuditEvent/telling(of:named:number:)``), at the instant of
    /// which they are revoked; `nil` leaves the tokens as they are.
    public let revocation: AuditEvent?

    public init(
        user: User.ID, hash: String, endedSessions: Sessions, audit: AuditEvent,
        revocation: AuditEvent?
    ) {
        self.user = user
        self.hash = hash
        self.endedSessions = endedSessions
        self.audit = audit
        self.revocation = revocation
    }
}
