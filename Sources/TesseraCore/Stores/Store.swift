/// Everything that Tessera keeps, one small protocol for each aggregate.
///
/// Every change takes the audit event that tells of it, and both become durable together or not at all. When a
/// method that changes something returns, the change is durable.
public typealias Store = AuditStore & InstallationStore & OperationStore & RefusalStore & ScopeStore
    & SessionStore & StoreHealth & TokenRequestStore & TokenStore & UserStore

/// What the store says about itself.
public protocol StoreHealth: Sendable {
    /// Returns when the store can be read and is migrated.
    ///
    /// - Throws: ``StoreError`` with the reason when it is not.
    func checkReadiness() async throws(StoreError)

    /// Calls `handler` soon (within one second) after another process or node has changed something, from any thread.
    func observeForeignChanges(_ handler: @escaping @Sendable () -> Void)
}
