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

    /// Writes what was collected first, at most `limit` tokens; what cannot be written is collected again.
    ///
    /// A limit keeps the store free for others when very many tokens are in use: the rest waits, and a token that is
    /// used again while it waits is still written once.
    ///
    /// - Returns: Whether more is waiting.
    @discardableResult
    public func flush(to store: any TokenStore, limit: Int) async throws(StoreError) -> Bool {
        let (tokens, isMoreWaiting) = used.withLock { used in
            let taken = Array(used.prefix(limit))
            used.removeFirst(taken.count)
            return (taken, !used.isEmpty)
        }
        guard !tokens.isEmpty else { return false }
        // The same token may stand here twice, read from the store at two instants.
        let uses = Dictionary(tokens.map { ($0.token.id, $0.takeUse()) }, uniquingKeysWith: max)
        do {
            try await store.noteUses(uses)
        } catch {
            for token in tokens { note(token, at: uses[token.token.id] ?? token.token.createdAt) }
            throw error
        }
        return isMoreWaiting
    }
}
