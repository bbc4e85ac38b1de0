/// A change of a password, and the sessions and tokens that end with the old one.
public struct PasswordChange: Sendable {
    /// The sessions that end.
    public enum Sessions: Sendable, Hashable {
        case all
        /// The one in which the password was changed, so that a new one can take its place.
        case only(Session.ID)
    }

    /// The result of the change.
    public struct Outcome: Sendable, Hashable {
        /// The number of tokens that were revoked.
        public let revokedTokens: Int
        /// The number of sessions that ended.
        public let endedSessions: Int
        /// The state of the account with the new password, for the session that follows.
        public let proof: SignInProof

        public init(revokedTokens: Int, endedSessions: Int, proof: SignInProof) {
            self.revokedTokens = revokedTokens
            self.endedSessions = endedSessions
            self.proof = proof
        }
    }

    /// The account.
    public let user: User.ID
    /// The hash of the new password: a PHC string.
    public let hash: String
    /// The proof of the old password, whose state the account must still be in; `nil` where none was asked for.
    public let proof: SignInProof?
    /// The sessions that end.
    public let endedSessions: Sessions
    /// Tells of the change.
    public let audit: AuditEvent
    /// The event of the revocations, which each token's event repeats (see ``AuditEvent/telling(of:named:number:)``); its instant is
    /// theirs. `nil` leaves the tokens as they are.
    public let revocation: AuditEvent?

    public init(
        user: User.ID, hash: String, proof: SignInProof? = nil, endedSessions: Sessions,
        audit: AuditEvent, revocation: AuditEvent?
    ) {
        self.user = user
        self.hash = hash
        self.proof = proof
        self.endedSessions = endedSessions
        self.audit = audit
        self.revocation = revocation
    }
}
