import Synchronization
import TesseraCore
import TesseraHosting

/// Reads the catalogue of permissions, and the prefixes of tokens, again when somebody else has changed it; and again and again, once a second, while
/// changes are not heard or it cannot be read.
final class CatalogueWatch: Sendable {
    private struct State {
        /// Counts the calls of ``wake(isUnheard:)``. Only what the last one has begun goes on.
        var round = 0
        var isUnheard = false
        var hasHeard = false
    }

    private let state = Mutex(State())
    private let log: Log
    /// Reads it; `false` when there is no catalogue any more.
    private let reload: @Sendable () async throws -> Bool

    init(_ catalogue: ScopeCatalogue, _ prefixes: TokenPrefixes, log: Log) {
        self.log = log
        reload = { [weak catalogue, weak prefixes] in
            guard let catalogue, let prefixes else { return false }
            try await catalogue.reload()
            if let other = try await prefixes.reload() {
                log.warning(
                    "another node draws tokens that begin with \(other)_, this one \(prefixes.own)_; both are accepted. Give all nodes the same --token-prefix"
                )
            }
            return true
        }
    }

    /// Somebody may have changed it, and whether the next change will be heard.
    ///
    /// - Returns: Whether changes were heard before.
    @discardableResult
    func wake(isUnheard: Bool? = nil) -> Bool {
        let (round, wasHeard) = state.withLock { state in
            let wasHeard = state.hasHeard && !state.isUnheard
            state.round += 1
            state.isUnheard = isUnheard ?? state.isUnheard
            state.hasHeard = state.hasHeard || isUnheard == false
            return (state.round, wasHeard)
        }
        Task { await run(round) }
        return wasHeard
    }

    private func run(_ round: Int) async {
        var hasComplained = false
        while state.withLock({ $0.round == round }) {
            do {
                guard try await reload() else { return }
                hasComplained = false
                // While nothing is heard, it may change at any time.
                guard state.withLock({ $0.isUnheard }) else { return }
            } catch {
                if !hasComplained {
                    log.error(
                        "the catalogue of scopes or the prefixes of tokens could not be read again: \(error)")
                }
                hasComplained = true
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }
}
