public import TesseraCrypto
public import TesseraTime

/// The throttle of this process, and behind it the one of all nodes, where there are several.
///
/// A client that has to wait by the counts of this process is told so without asking the store, so that an attack costs the
/// database no more than the attempts that are let through. While the store cannot be asked, every attempt is refused.
public final class SharedThrottle: Sendable {
    /// The counts that all nodes share.
    public struct Shared: Sendable {
        let store: any ThrottleStore
        let key: Secret

        /// - Parameter key: The key of the codes; the same on all nodes.
        public init(_ store: any ThrottleStore, key: Secret) {
            self.store = store
            self.key = key
        }
    }

    private let local: SignInThrottle
    private let shared: Shared?

    /// - Parameters:
    ///   - local: The counts of this process.
    ///   - shared: The counts of all nodes; `nil` where there is only this process.
    public init(_ local: SignInThrottle, shared: Shared?) {
        self.local = local
        self.shared = shared
    }

    /// The number of attempts that this process has told to wait, since the start.
    public var refusals: Int { local.refusals }

    /// Asks whether a password may be tried now; see ``SignInThrottle/begin(_:at:)``.
    ///
    /// - Returns: `nil` when it may, else how long to wait.
    public func begin(_ attempt: SignInAttempt, at now: NumericDate) async throws(StoreError) -> Duration? {
        try await begin(local.keys(of: attempt), at: now)
    }

    /// Begins an attempt to open an account; see ``SignInThrottle/beginRegistration(from:at:)``.
    ///
    /// - Returns: `nil` for an attempt that may go on, else the time to wait.
    public func beginRegistration(
        from network: String?, at now: NumericDate
    ) async throws(StoreError) -> Duration? {
        try await begin([local.key(ofRegistrationsFrom: network)], at: now)
    }

    private func begin(_ keys: [SignInThrottle.Key], at now: NumericDate) async throws(StoreError)
        -> Duration?
    {
        if let wait = local.begin(keys, at: now) { return wait }
        guard let shared else { return nil }
        let budgets = keys.map { ThrottledBudget(key: shared.code($0), budget: local.budget(of: $0)) }
        let wait: Duration?
        do throws(StoreError) {
            wait = try await shared.store.countAttempt(budgets)
        } catch {
            local.takeBack(keys, at: now)
            throw error
        }
        if wait != nil { local.refused(keys, at: now) }
        return wait
    }

    /// The password was right; see ``SignInThrottle/succeeded(_:at:)``.
    public func succeeded(_ attempt: SignInAttempt, at now: NumericDate) async throws(StoreError) {
        local.succeeded(attempt, at: now)
        guard let shared else { return }
        let (forgotten, takenBack) = local.keysAfterSuccess(of: attempt)
        try await shared.store.uncountAttempt(
            forgotten: forgotten.map(shared.code), takenBack: takenBack.map(shared.code))
    }

    /// It never came to looking at the password. Where the store cannot be told, the attempt stays counted.
    public func withdrawn(_ attempt: SignInAttempt, at now: NumericDate) async {
        local.withdrawn(attempt, at: now)
        guard let shared else { return }
        try? await shared.store.uncountAttempt(
            forgotten: [], takenBack: local.keys(of: attempt).map(shared.code))
    }
}

extension SharedThrottle.Shared {
    fileprivate func code(_ key: SignInThrottle.Key) -> ThrottledBudget.Key {
        HMACSHA256.code(for: key.bytes, key: self.key)
    }
}
