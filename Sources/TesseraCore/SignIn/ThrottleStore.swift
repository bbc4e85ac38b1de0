public import TesseraCrypto

/// Counts attempts in one place for all nodes that share a store.
public protocol ThrottleStore: Sendable {
    /// Counts an attempt against each budget, unless one of them is closed; then against none. Of several nodes that ask at
    /// the same moment, each sees what those before it have counted.
    ///
    /// Goes by the clock of the store.
    ///
    /// - Returns: `nil` when it was counted, else how long to wait.
    func countAttempt(_ budgets: [ThrottledBudget]) async throws(StoreError) -> Duration?

    /// An attempt that was counted ended well: `forgotten` begin anew, and it is taken back from `takenBack`.
    func uncountAttempt(
        forgotten: [ThrottledBudget.Key], takenBack: [ThrottledBudget.Key]
    ) async throws(StoreError)
}

/// A budget of attempts, by whom it is used up.
public struct ThrottledBudget: Sendable {
    /// The client that uses the budget up, as a code from which no address can be learned.
    public typealias Key = SHA256Digest

    /// The client that uses the budget up.
    public let key: Key
    /// The budget.
    public let budget: SignInThrottle.Budget

    public init(key: Key, budget: SignInThrottle.Budget) {
        self.key = key
        self.budget = budget
    }
}
