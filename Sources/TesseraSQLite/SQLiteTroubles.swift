import Synchronization
import TesseraDatabase

/// Troubles of an open database that only an operator can fix, and the handlers that receive them.
final class SQLiteTroubles: Sendable {
    private struct State {
        var handlers: [@Sendable (StoreError) -> Void] = []
        var reported: [StoreError] = []
    }

    private let state = Mutex(State())

    /// Calls `handler` for each trouble, including earlier ones.
    func observe(_ handler: @escaping @Sendable (StoreError) -> Void) {
        let earlier = state.withLock { state in
            state.handlers.append(handler)
            return state.reported
        }
        for trouble in earlier { handler(trouble) }
    }

    func report(_ trouble: StoreError) {
        let handlers = state.withLock { state in
            state.reported.append(trouble)
            return state.handlers
        }
        for handler in handlers { handler(trouble) }
    }
}
