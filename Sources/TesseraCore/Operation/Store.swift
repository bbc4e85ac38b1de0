/// Everything that Tessera keeps, one small protocol for each aggregate.
///
/// Every change takes the audit event that tells of it, and both become durable together or not at all. When a
/// method that changes something returns, the change is durable.
///
/// A change that a caller asks for takes its ``Authorization`` as well. When its condition does not hold at the instant of
/// the event, the method changes nothing and throws ``StoreError/authorizationEnded``. That is decided in the transaction of
/// the change: a method that ends a credential, once it has returned, leaves no change that is made by it later. It also
/// leaves no token or session that was made meanwhile out of account.
public typealias Store = AuditStore & ClaimStore & InstallationStore & OperationStore & RefusalStore
    & ScopeStore & SessionStore & StoreHealth & TokenRequestStore & TokenStore & UserStore

/// Reports the state of a store: readiness, changes, troubles and traffic.
public protocol StoreHealth: Sendable {
    /// Returns when the store can be read and is migrated.
    ///
    /// - Throws: ``StoreError`` with the reason when it is not.
    func checkReadiness() async throws(StoreError)

    /// Calls `handler` for each change of a token, an owner or a scope, from any thread, which it must not keep.
    ///
    /// A change made through this store is told before the method that makes it returns, also when that fails and may have
    /// changed something. A store may tell of more than was changed, and more than once.
    ///
    /// - Parameter includesForeign: Indicates that changes by other processes and nodes are told as well: within one second
    ///   of the change, or else within three of the moment when changes could no longer be heard.
    func observeChanges(includesForeign: Bool, _ handler: @escaping @Sendable (StoreChange) -> Void)

    /// Says whether foreign changes are certainly heard at this instant; `nil` where that is always so. Cheap: it is asked
    /// before each use of something that is remembered.
    ///
    /// It says no before ``StoreChange/unheard`` is told where the process was stopped in between.
    var hearsForeignChanges: (@Sendable () -> Bool)? { get }

    /// Calls `handler` for each trouble of the store that only an operator can mend, from any thread, which it must not
    /// keep; also for those that came up before.
    func observeTroubles(_ handler: @escaping @Sendable (StoreError) -> Void)

    /// The counts of attempts that all processes share; `nil` where only one process uses the store.
    var sharedThrottle: (any ThrottleStore)? { get }

    /// Returns the traffic between this process and the store, at next to no cost; `nil` for a store without any.
    func traffic() -> StoreTraffic?
}

extension StoreHealth {
    /// The counts of attempts that all processes share; `nil` where only one process uses the store.
    public var sharedThrottle: (any ThrottleStore)? { nil }
    public var hearsForeignChanges: (@Sendable () -> Bool)? { nil }
    public func observeTroubles(_ handler: @escaping @Sendable (StoreError) -> Void) {}
    public func traffic() -> StoreTraffic? { nil }
}
