import Synchronization
import TesseraTime

/// Collects when and from where tokens were accepted, so that the store is written in batches and never on the way of a request.
public final class TokenUseLog: Sendable {
    /// More tokens than this are not remembered between two batches; their next use counts.
    private static let capacity = 100_000

    /// A token that was used since its last use was written.
    private struct Use {
        let token: AccessToken.ID
        let digest: TokenDigest
        /// The first use; the instants of later ones are noted where the token is cached.
        let first: TokenUse
    }

    private let used = Mutex<[Use]>([])
    private let cache: TokenCache

    /// - Parameter cache: The cache of verified tokens, which knows their later uses.
    public init(cache: TokenCache) { self.cache = cache }

    /// Notes the first use of a token since its last one was written. Its address stands for those that follow until
    /// the batch is written, nearly always within a second.
    ///
    /// - Returns: `false` when there is no room to remember it.
    func note(_ token: AccessToken.ID, _ digest: TokenDigest, _ use: TokenUse) -> Bool {
        used.withLock { used in
            guard used.count < Self.capacity else { return false }
            used.append(Use(token: token, digest: digest, first: use))
            return true
        }
    }

    /// The number of tokens whose last use waits to be written.
    public var count: Int { used.withLock { $0.count } }

    /// Writes what was collected first, at most `limit` tokens; what cannot be written is collected again.
    ///
    /// A limit keeps the store free for others when very many tokens are in use: the rest waits, and a token that is
    /// used again while it waits is still written once.
    ///
    /// - Returns: The number of tokens taken; fewer than the limit when none is left.
    @discardableResult
    public func flush(to store: any TokenStore, limit: Int) async throws(StoreError) -> Int {
        let taken = used.withLock { used in
            let taken = Array(used.prefix(limit))
            used.removeFirst(taken.count)
            return taken
        }
        guard !taken.isEmpty else { return 0 }
        // The same token may stand here twice, read from the store at two instants.
        let uses = Dictionary(
            taken.map { ($0.token, last(of: $0)) }, uniquingKeysWith: { $0.at < $1.at ? $1 : $0 })
        do {
            try await store.noteUses(uses)
        } catch {
            for use in taken { _ = note(use.token, use.digest, uses[use.token] ?? use.first) }
            throw error
        }
        return taken.count
    }

    /// The last use, as far as the cache knows of later ones than the first.
    private func last(of use: Use) -> TokenUse {
        guard let later = cache.takeUse(use.digest), later > use.first.at else { return use.first }
        return TokenUse(at: later, from: use.first.from)
    }
}
