public import TesseraTime

/// Keeps audit events. They are written by the methods of the other stores, with the change they tell of.
public protocol AuditStore: Sendable {
    /// Events concerning this account (every account for `nil`), newest first, from before `cursor`, at most `limit`.
    func events(
        concerning user: User.ID?, before cursor: AuditEvent.ID?, limit: Int
    ) async throws(StoreError) -> [AuditEvent]

    /// The newest event of this kind concerning this account; `nil` when there is none.
    func lastEvent(
        _ action: AuditEvent.Action, concerning user: User.ID
    ) async throws(StoreError) -> AuditEvent?

    /// The event that tells of this token's revocation; `nil` when it was not revoked, or that is forgotten.
    func revocation(of token: AccessToken.ID) async throws(StoreError) -> AuditEvent?

    /// Deletes at most `limit` events from before this instant, in the order of their identifiers; returns how many.
    func pruneEvents(before: NumericDate, limit: Int) async throws(StoreError) -> Int
}

extension AuditStore {
    /// The newest events concerning this account (every account for `nil`), newest first, at most `limit`.
    public func events(concerning user: User.ID?, limit: Int) async throws(StoreError) -> [AuditEvent] {
        try await events(concerning: user, before: nil, limit: limit)
    }
}
