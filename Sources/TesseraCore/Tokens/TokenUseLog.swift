import Synchronization
import TesseraJOSE

/// Collects when tokens were accepted, so that the store is written in batches and never on the way of a request.
public final class TokenUseLog: Sendable {
    /// More tokens than this are not remembered between two batches; their next use counts.
    private static let capacity = 100_000

    private let used = Mutex<[VerifiedAccessToken]>([])

    public init() {}

    func note(_ token: VerifiedAccessToken, at now: NumericDate) {
        guard token.noteUse(at: now) else { return }
        let remembered = used.withLock { used in
            guard used.count < Self.capacity else { return false }
            used.append(token)
            return true
        }
        if !remembered { _ = token.takeUse() }
    }

    /// Writes what has been collected. What cannot be written is collected again.
    public func flush(to store: any TokenStore) async throws(StoreError) {
        let tokens = used.withLock { used in
            let taken = used
            used = []
            return taken
        }
        guard !tokens.isEmpty else { return }
        // The same token may stand here twice, read from the store at two instants.
        let uses = Dictionary(tokens.map { ($0.token.id, $0.takeUse()) }, uniquingKeysWith: max)
        do {
            try await store.noteUses(uses)
        } catch {
            for token in tokens { note(token, at: uses[token.token.id] ?? token.token.createdAt) }
            throw error
        }
    }
}
