public import TesseraCrypto
public import TesseraTime

/// Keeps sessions by the digest of what stands in the cookie.
public protocol SessionStore: Sendable {
    /// Stores a session of the user of `proof`.
    ///
    /// Returns `false`, and changes nothing, when the account is no longer in the state of the proof or is disabled. Of a
    /// sign-in and a change of the password or a disabling that run at once, either the sign-in gets no session, or the
    /// other change finds the session and can end it.
    func start(
        _ session: Session, digest: SHA256Digest, proof: SignInProof, audit: AuditEvent
    ) async throws(StoreError) -> Bool

    /// Puts a session in the place of another, which ends: both or neither.
    ///
    /// Returns `false`, and changes nothing, when the other has ended already, or ``start(_:digest:proof:audit:)`` would
    /// store nothing.
    func replace(
        _ old: Session.ID, with session: Session, digest: SHA256Digest, proof: SignInProof,
        audit: AuditEvent
    ) async throws(StoreError) -> Bool

    /// The session and its user, in any state.
    func session(_ digest: SHA256Digest) async throws(StoreError) -> (session: Session, user: User)?

    /// The sessions of a user, in any state, newest first, at most `limit`.
    func sessions(of user: User.ID, limit: Int) async throws(StoreError) -> [Session]

    /// Notes that sessions were used.
    func noteSeen(_ sessions: [Session.ID: NumericDate]) async throws(StoreError)

    /// Ends a session; `false` when it has ended already.
    func end(
        _ session: Session.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool

    /// Ends all sessions of a user but one; returns how many. The event is written only when there was one to end.
    func endSessions(
        of user: User.ID, except kept: Session.ID?, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Int

    /// Deletes at most `limit` sessions that have ended by age or by not being used; returns how many.
    func pruneSessions(
        expiredBefore: NumericDate, unseenSince: NumericDate, limit: Int
    ) async throws(StoreError) -> Int
}
