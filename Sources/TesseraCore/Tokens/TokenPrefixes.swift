import Synchronization
public import TesseraTime

/// The prefixes of personal tokens in an installation, as the store keeps them.
///
/// New tokens begin with the one that this process was told to use, or else with the one that the installation uses.
/// Tokens with any other that was ever used stay valid.
public final class TokenPrefixes: Sendable {
    /// The right of a process to change what the installation uses.
    public enum Role: Sendable {
        /// Issues tokens for a long time: the prefix that it is told to use is that of the installation from then on.
        case server
        /// Issues tokens now: its prefix is accepted from then on.
        case command
        /// Issues no tokens.
        case reader
    }

    /// The prefix of tokens that this process draws.
    public let own: TokenPrefix
    /// The prefix that the installation used until this process was told to use another; `nil` where that is the same.
    public let replaced: TokenPrefix?
    /// Draws and reads tokens.
    public let format: TokenFormat
    private let others: OtherTokenPrefixes
    private let store: any InstallationStore
    /// The prefix that the installation used when it was last looked at.
    private let present: Mutex<TokenPrefix>

    private init(
        own: TokenPrefix, replaced: TokenPrefix?, known: [TokenPrefix], store: any InstallationStore
    ) {
        self.own = own
        self.replaced = replaced
        self.store = store
        others = OtherTokenPrefixes(known.filter { $0 != own })
        format = TokenFormat(personal: own, others: others)
        present = Mutex(own)
    }

    /// Reads the prefixes of an installation, and notes there the one that is used from now on.
    ///
    /// - Parameters:
    ///   - wanted: The prefix that the process was told to use; `nil` for that of the installation.
    ///   - role: The role of the process.
    /// - Throws: ``StoreError``.
    public static func load(
        from store: any InstallationStore, wanted: TokenPrefix?, role: Role, at now: NumericDate
    ) async throws(StoreError) -> TokenPrefixes {
        let known = try await store.tokenPrefixes()
        let own = wanted ?? known.first ?? .personal
        let isChosen = role == .server && known.first != own
        if isChosen || (role == .command && !known.contains(own)) {
            // The first of all is the present one, no matter which process has used it.
            try await store.noteTokenPrefix(own, chosenAt: isChosen || known.isEmpty ? now : nil)
        }
        return TokenPrefixes(
            own: own, replaced: isChosen ? known.first : nil, known: known, store: store)
    }

    /// Reads them again, after another process may have noted one.
    ///
    /// - Returns: The prefix that the installation uses now, if that has changed and this process uses another.
    public func reload() async throws(StoreError) -> TokenPrefix? {
        let known = try await store.tokenPrefixes()
        others.replace(with: known.filter { $0 != own })
        guard let first = known.first else { return nil }
        let hasChanged = present.withLock { present in
            defer { present = first }
            return present != first
        }
        return hasChanged && first != own ? first : nil
    }
}
