import Synchronization
public import TesseraCrypto

/// A change that makes remembered tokens, owners or scopes worthless.
///
/// A store tells its observers of each: of a change made here before the method that makes it returns, and of a change made
/// by another process or node soon after it. So a cache that observes its store is coherent, and no caller has to remember it.
public enum StoreChange: Sendable, Hashable {
    /// One token.
    case token(TokenDigest)
    /// An account, and all tokens that it has.
    case account(User.ID)
    /// The catalogue of permissions, or the prefixes of tokens.
    case scopes
    /// Any token: a change has failed and may have happened all the same.
    case anyToken
    /// Anything. From now on, foreign changes are heard.
    case everything
    /// From now on, foreign changes are not heard until ``everything`` tells that they are: nothing that is remembered may be
    /// believed meanwhile.
    case unheard
}

/// The observers of one store, and the one way in which its methods tell them.
public final class StoreObservers: Sendable {
    private let handlers = Mutex<[@Sendable (StoreChange) -> Void]>([])

    /// Makes an empty list of observers.
    public init() {}

    /// Adds an observer; it is called on any thread, which it must not keep.
    public func add(_ handler: @escaping @Sendable (StoreChange) -> Void) {
        handlers.withLock { $0.append(handler) }
    }

    /// Tells all observers of a change, and returns when each has been told.
    public func tell(_ change: StoreChange) {
        for handler in handlers.withLock({ $0 }) { handler(change) }
    }

    /// Makes a change and tells of it before it returns.
    ///
    /// - Parameters:
    ///   - change: The change that an outcome stands for; `nil` for an outcome that has changed nothing.
    ///   - failed: The change to tell of when `make` fails and may have changed something all the same.
    ///   - make: Returns when the change is durable.
    public func telling<Outcome>(
        _ change: (Outcome) -> StoreChange?, ifItFails failed: StoreChange,
        _ make: () async throws(StoreError) -> Outcome
    ) async throws(StoreError) -> Outcome {
        do {
            let outcome = try await make()
            if let change = change(outcome) { tell(change) }
            return outcome
        } catch {
            // An authorization that has ended is the one error that tells that nothing was changed.
            if error.code != .authorizationEnded { tell(failed) }
            throw error
        }
    }

    /// Makes a change and tells of it before it returns, with every outcome: another process may have made it before.
    ///
    /// - Parameter change: `nil` for nothing to tell.
    public func telling<Outcome>(
        _ change: StoreChange?, _ make: () async throws(StoreError) -> Outcome
    ) async throws(StoreError) -> Outcome {
        defer { if let change { tell(change) } }
        return try await make()
    }
}
