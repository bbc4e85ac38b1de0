import Synchronization
public import TesseraCore
import TesseraCrypto
import TesseraTime

/// A store in plain dictionaries, for tests and as a second implementation of the contract.
///
/// It is not durable, and slow for many entries, because it reads all of them where a database uses an index.
public final class MemoryStore: Sendable {
    struct State {
        /// Each account with a revision, which rises with every change.
        var users: [User.ID: SignInProof] = [:]
        var sessions: [SHA256Digest: Session] = [:]
        var scopes: [ScopeToken: ScopeDefinition] = [:]
        var tokens: [TokenDigest: AccessToken] = [:]
        var refusals: [Refusal.ID: Refusal] = [:]
        var requests: [TokenRequest] = []
        var events: [AuditEvent] = []
        var installationSecrets: [String: [UInt8]] = [:]
        /// The prefixes, with the current one first.
        var tokenPrefixes: [TokenPrefix] = []
        var jobRuns: [JobName: JobRun] = [:]
        var freedAddresses: [EmailAddress: (user: User.ID, at: NumericDate)] = [:]
        var claims: [Claim.Key: (claim: Claim, answer: ClaimedAnswer?)] = [:]

        func digest(of id: AccessToken.ID) -> TokenDigest? { tokens.first { $0.value.id == id }?.key }

        func isTaken(_ email: EmailAddress, exceptBy id: User.ID? = nil, at now: NumericDate) -> Bool {
            users.values.contains { $0.user.email == email && $0.user.id != id }
                || freedAddresses[email].map { $0.user != id && $0.at > now - FreedAddress.wait } ?? false
        }

        /// Reports whether an account has the maximum of reserved addresses, without the one that it wants.
        func keepsTooMany(for id: User.ID, beside wanted: EmailAddress, at now: NumericDate) -> Bool {
            freedAddresses.count { address, kept in
                address != wanted && kept.user == id && kept.at > now - FreedAddress.wait
            } >= FreedAddress.mostPerAccount
        }

        /// Changes an account, and raises its revision.
        mutating func change(_ id: User.ID, hash: String? = nil, _ body: (inout User) -> Void = { _ in }) {
            guard let stored = users[id] else { return }
            var user = stored.user
            body(&user)
            users[id] = SignInProof(
                user: user, passwordHash: hash ?? stored.passwordHash, revision: stored.revision + 1)
        }

        /// Reports whether an account is still in the state of a proof, and active.
        func isProved(_ proof: SignInProof) -> Bool {
            guard let stored = users[proof.user.id] else { return false }
            return stored.user.isActive && stored.passwordHash == proof.passwordHash
                && stored.revision == proof.revision
        }

        /// Reports whether the condition of an authorization holds.
        func holds(_ authorization: Authorization, at now: NumericDate) -> Bool {
            guard let condition = authorization.condition else { return true }
            guard let owner = users[condition.user]?.user else { return false }
            switch condition.credential {
            case .session(let id):
                let session = sessions.values.first { $0.id == id && $0.user == owner.id }
                return session.map { condition.holds(for: $0, of: owner, at: now) } ?? false
            case .token(let id):
                let token = tokens.values.first { $0.id == id && $0.owner == owner.id }
                return token.map { condition.holds(for: $0, of: owner, at: now) } ?? false
            }
        }

        /// Ends at most `limit` of the sessions that match, and returns their number.
        mutating func endSessions(limit: Int = .max, where isOver: (Session) -> Bool) -> Int {
            let ended = sessions.filter { isOver($0.value) }.keys.prefix(limit)
            for digest in ended { sessions[digest] = nil }
            return ended.count
        }

        /// Revokes the tokens of an owner that are not revoked, and returns their number.
        mutating func revokeTokens(of owner: User.ID, _ audit: AuditEvent) -> Int {
            let revoked = tokens.filter { $0.value.owner == owner && $0.value.revokedAt == nil }
                .sorted { $0.value.id < $1.value.id }
            for (number, (digest, token)) in revoked.enumerated() {
                tokens[digest]?.revokedAt = audit.at
                events.append(audit.telling(of: token.id, named: token.name, number: number))
            }
            return revoked.count
        }
    }

    let state = Mutex(State())
    let observers = StoreObservers()

    public init() {}

    /// Makes a change if its authorization holds.
    func changing<Value: Sendable>(
        by authorization: Authorization, at now: NumericDate, _ body: (inout sending State) -> Value
    ) throws(StoreError) -> Value {
        let value: Value? = state.withLock { state in
            state.holds(authorization, at: now) ? body(&state) : nil
        }
        guard let value else { throw .authorizationEnded }
        return value
    }

    /// Changes one token, and reports the change to the observers, depending on the outcome.
    func changing<Value: Sendable>(
        by authorization: Authorization, at now: NumericDate, _ change: (Value) -> StoreChange?,
        _ body: (inout sending State) -> Value
    ) throws(StoreError) -> Value {
        let value = try changing(by: authorization, at: now, body)
        if let change = change(value) { observers.tell(change) }
        return value
    }
}

extension MemoryStore: StoreHealth {
    public func checkReadiness() async throws(StoreError) {}

    /// No other process can change this store, so there are no foreign changes.
    public func observeChanges(includesForeign: Bool, _ handler: @escaping @Sendable (StoreChange) -> Void) {
        observers.add(handler)
    }
}
