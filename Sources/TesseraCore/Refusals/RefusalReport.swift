/// A refusal and what the store still knows around it: enough to say in a sentence what happened.
public struct RefusalReport: Sendable {
    public let refusal: Refusal
    /// The token it was about, unless that is gone.
    public let token: AccessToken?
    /// Whose request it was, unless the account is gone.
    public let owner: User?
    /// By whose hand the token was revoked; for ``RefusalCause/revoked``, while the event is kept.
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

    /// Who revoked the token, as one says it to this reader: "you", "an operator".
    ///
    /// - Parameter reader: Who is told; `nil` for an operator at the command line.
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
