import Synchronization
import TesseraCore

/// Reads the catalogue of permissions again when somebody else has changed it; and again and again, once a second, while
/// changes are not heard or it cannot be read.
final class CatalogueWatch: Sendable {
    private struct State {
        var isRunning = false
        var isWanted = false
        var isUnheard = false
        var hasHeard = false
    }

    private let state = Mutex(State())
    private let log: Log
    /// Reads it; `false` when there is no catalogue any more.
    private let reload: @Sendable () async throws -> Bool

    init(_ catalogue: ScopeCatalogue, log: Log) {
        self.log = log
        reload = { [weak catalogue] in
            guard let catalogue else { return false }
            try await catalogue.reload()
            return true
        }
    }

    /// Somebody may have changed it, and whether the next change will be heard.
    ///
    /// - Returns: Whether changes were heard before.
    @discardableResult
    func wake(isUnheard: Bool? = nil) -> Bool {
        let (mustStart, wasHeard) = state.withLock { state in
            defer {
                state.isRunning = true
                state.isWanted = true
                state.isUnheard = isUnheard ?? state.isUnheard
                state.hasHeard = state.hasHeard || isUnheard == false
            }
            return (!state.isRunning, state.hasHeard && !state.isUnheard)
        }
        if mustStart { Task { await run() } }
        return wasHeard
    }

    private func run() async {
        while begin() {
            var isDone = true
            do {
                guard try await reload() else { return }
            } catch {
                log.error("the catalogue of scopes could not be read again: \(error)")
                isDone = false
            }
            if finish(isDone) { try? await Task.sleep(for: .seconds(1)) }
        }
    }

    /// Whether there is something to do; nobody runs any more when there is not.
    private func begin() -> Bool {
        state.withLock { state in
            state.isRunning = state.isWanted || state.isUnheard
            state.isWanted = false
            return state.isRunning
        }
    }

    /// - Returns: Whether to wait before the next time.
    private func finish(_ isDone: Bool) -> Bool {
        state.withLock { state in
            if !isDone { state.isWanted = true }
            return !isDone || state.isUnheard
        }
    }
}
