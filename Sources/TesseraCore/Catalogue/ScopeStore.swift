/// Keeps the catalogue of permissions.
public protocol ScopeStore: Sendable {
    /// The catalogue in the order of the names.
    func scopes() async throws(StoreError) -> [ScopeDefinition]

    /// Adds a permission, or replaces the one of the same name.
    func put(_ scope: ScopeDefinition, audit: AuditEvent) async throws(StoreError)

    /// Takes a permission out of the catalogue; tokens that name it can no longer do with it. `false` when it is not there.
    func removeScope(_ name: ScopeToken, audit: AuditEvent) async throws(StoreError) -> Bool
}
