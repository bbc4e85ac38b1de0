/// Keeps audit events. They are written by the methods of the other stores, with the change they tell of.
public protocol AuditStore: Sendable {
    /// Writes an event that goes with no other change.
    func record(_ event: AuditEvent) async throws(StoreError)

    /// Events concerning this account (every account for `nil`), newest first, at most `limit`.
    func events(concerning user: User.ID?, limit: Int) async throws(StoreError) -> [AuditEvent]

    /// The event that tells of this token's revocation; `nil` when it was not revoked, or that is forgotten.
    func revocation(of token: AccessToken.ID) async throws(StoreError) -> AuditEvent?
}
