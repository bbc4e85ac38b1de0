public import TesseraCrypto
public import TesseraJOSE

/// The throttle of this process, and behind it the one of all nodes, where there are several.
///
/// Whoever has to wait by what this process has seen itself, is told so without asking the store: an attack costs the
/// database no more than the attempts that are let through. Where the store cannot be asked, nobody may try.
public final class SharedThrottle: Sendable {
    private let local: SignInThrottle
    private let store: (any ThrottleStore)?
    private let key: Secret

    /// - Parameters:
    ///   - local: What this process counts by itself.
    ///   - store: Counts for all nodes; `nil` where there is only this process.
    ///   - key: What codes are made with; the same on all nodes.
    public init(_ local: SignInThrottle, store: (any ThrottleStore)?, key: Secret) {
        self.local = local
        self.store = store
        self.key = key
    }

    /// How many attempts this process has told to wait, since the start.
    public var refusals: Int { local.refusals }

    /// Asks whether a password may be tried now; see ``SignInThrottle/begin(_:at:)``.
    ///
    /// - Returns: `nil` when it may, else how long to wait.
    public func begin(_ attempt: SignInAttempt, at now: NumericDate) async throws(StoreError) -> Duration? {
        if let wait = local.begin(attempt, at: now) { return wait }
        guard let store else { return nil }
        do throws(StoreError) {
            guard let wait = try await store.countAttempt(local.keys(of: attempt).map(budget)) else {
                return nil
            }
            local.refused(attempt, at: now)
            return wait
        } catch {
            local.withdrawn(attempt, at: now)
            throw error
        }
    }

    /// Asks whether somebody may try to open an account now; see ``SignInThrottle/beginRegistration(from:at:)``.
    ///
    /// - Returns: `nil` when they may, else how long to wait.
    public func beginRegistration(
        from network: String?, at now: NumericDate
    ) async throws(StoreError) -> Duration? {
        if let wait = local.beginRegistration(from: network, at: now) { return wait }
        guard let store else { return nil }
        return try await store.countAttempt([budget(local.key(ofRegistrationsFrom: network))])
    }

    /// The password was right; see ``SignInThrottle/succeeded(_:at:)``.
    public func succeeded(_ attempt: SignInAttempt, at now: NumericDate) async throws(StoreError) {
        local.succeeded(attempt, at: now)
        guard let store else { return }
        let (forgotten, takenBack) = local.keysAfterSuccess(of: attempt)
        try await store.uncountAttempt(forgotten: forgotten.map(code), takenBack: takenBack.map(code))
    }

    /// It never came to looking at the password. Where the store cannot be told, the attempt stays counted.
    public func withdrawn(_ attempt: SignInAttempt, at now: NumericDate) async {
        local.withdrawn(attempt, at: now)
        try? await store?.uncountAttempt(forgotten: [], takenBack: local.keys(of: attempt).map(code))
    }

    private func budget(_ key: SignInThrottle.Key) -> ThrottledBudget {
        ThrottledBudget(key: code(key), budget: local.budget(of: key))
    }

    private func code(_ key: SignInThrottle.Key) -> SHA256Digest {
        HMACSHA256.code(for: key.bytes, key: self.key)
    }
}
