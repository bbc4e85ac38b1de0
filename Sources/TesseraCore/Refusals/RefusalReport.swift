/// A refusal with the token, the owner and the revocation behind it, as far as the store still has them.
public struct RefusalReport: Sendable {
    /// The refusal that is explained.
    public let refusal: Refusal
    /// The token it was about, unless that is gone.
    public let token: AccessToken?
    /// The user who made the request; `nil` for an unknown one, and for an account that is gone.
    public let owner: User?
    /// The party that revoked the token; for ``RefusalCause/revoked``, while the event is kept.
    public let revoker: Actor?

    public init(_ refusal: Refusal, token: AccessToken? = nil, owner: User? = nil, revoker: Actor? = nil) {
        self.refusal = refusal
        self.token = token
        self.owner = owner
        self.revoker = revoker
    }

    /// Gathers what is known. At most three look-ups.
    public static func gather(
        _ refusal: Refusal, from store: some TokenStore & UserStore & AuditStore
    ) async throws(StoreError) -> RefusalReport {
        var token: AccessToken?
        var owner: User?
        var revoker: Actor?
        if let id = refusal.token {
            token = try await store.token(id)
            if refusal.cause == .revoked { revoker = try await store.revocation(of: id)?.actor }
        }
        if let id = refusal.owner { owner = try await store.user(id) }
        return RefusalReport(refusal, token: token, owner: owner, revoker: revoker)
    }

    /// The name of the party that revoked the token for a reader, such as "you" or "an operator".
    ///
    /// - Parameter reader: The reader; `nil` for an operator at the command line.
    public func revokerPhrase(for reader: User.ID?) -> String? {
        switch revoker {
        case nil: nil
        case .user(let id) where id == reader: "you"
        case .user(let id) where id == refusal.owner: "its owner"
        case .user: "an operator"
        case .token(let id) where id == refusal.token: "a program with this very token"
        case .token: "a program with another token of the same owner"
        case .client: "an application"
        case .commandLine: "an operator at the command line"
        case .system: "Tessera itself"
        }
    }
}
