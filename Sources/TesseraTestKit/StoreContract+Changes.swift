import Synchronization
import TesseraCore

extension StoreContract {
    /// A cache of everything that a clause reads. It removes an entry only when the store reports a change.
    ///
    /// Each clause of the contract runs with a witness. If the witness holds an outdated entry at the end, a method has made
    /// a change without a report. The clauses of a new method therefore also test its reports.
    final class Witness: Sendable {
        private struct State {
            var tokens: [TokenDigest: PresentedToken] = [:]
            var users: [User.ID: User] = [:]
            var scopes: [ScopeDefinition]?
            /// The number of reported changes, like the tickets of a cache.
            var changes = 0
        }

        /// The witness of the clause that runs.
        @TaskLocal static var current: Witness?

        private let state = Mutex(State())

        /// Makes a witness that observes a store and remembers its catalogue.
        static func of(_ store: any Store) async throws -> Witness {
            let witness = Witness()
            let scopes = try await store.scopes()
            witness.state.withLock { $0.scopes = scopes }
            // Only local changes: reports that return over a network would hide a method without a report.
            store.observeChanges(includesForeign: false) { witness.forget($0) }
            return witness
        }

        func remember(_ user: User) { state.withLock { $0.users[user.id] = user } }

        /// Looks up a token and remembers it, unless a change was reported meanwhile.
        func find(_ digest: TokenDigest, in store: any Store) async throws -> StoredToken? {
            let changes = state.withLock { $0.changes }
            guard let found = try await store.find(digest) else { return nil }
            state.withLock { state in
                guard state.changes == changes else { return }
                state.tokens[digest] = PresentedToken(found)
                if let owner = found.owner { state.users[owner.id] = owner }
            }
            return found
        }

        private func forget(_ change: StoreChange) {
            state.withLock { state in
                state.changes += 1
                switch change {
                case .token(let digest): state.tokens[digest] = nil
                case .account(let user):
                    state.users[user] = nil
                    state.tokens = state.tokens.filter { $0.value.principal.subject != .user(user) }
                case .scopes: state.scopes = nil
                case .anyToken, .everything, .unheard:
                    state = State(scopes: state.scopes, changes: state.changes)
                }
            }
        }

        /// Throws if an entry differs from the store.
        func check(_ store: any Store) async throws {
            let state = state.withLock { $0 }
            for (digest, token) in state.tokens {
                if let present = try await store.find(digest) {
                    try expect(PresentedToken(present), is: token, "a token was changed and not told of")
                } else {
                    // A token that has ended may be deleted: a check refuses it in both cases.
                    try expect(
                        token.revokedAt != nil || token.expiresAt != nil,
                        "a token was removed and not told of")
                }
            }
            for (id, user) in state.users {
                try expect(try await store.user(id), is: user, "an owner was changed and not told of")
            }
            if let scopes = state.scopes {
                try expect(try await store.scopes(), is: scopes, "the catalogue was changed and not told of")
            }
        }
    }

    private final class Told: Sendable {
        let changes = Mutex<[StoreChange]>([])
    }

    static let changes = [
        Clause("observers receive a change before the method that makes it returns") { store in
            let told = Told()
            store.observeChanges(includesForeign: false) { change in
                told.changes.withLock { $0.append(change) }
            }
            func expectTold(_ change: StoreChange, _ what: String, _ make: () async throws -> Void)
                async throws
            {
                told.changes.withLock { $0 = [] }
                try await make()
                try expect(told.changes.withLock { $0.contains(change) }, "\(what) was not told")
            }
            var user = try await addUser(store)
            func token() async throws -> (token: AccessToken, digest: TokenDigest) {
                let (token, digest) = (AccessToken.make(owner: user), TokenDigest.make())
                try await addToken(store, token, digest)
                return (token, digest)
            }
            let id = user.id
            // Each event has an identifier of its own.
            var event: AuditEvent { .make(user: id) }

            let revoked = try await token()
            try await expectTold(.token(revoked.digest), "a revocation") {
                _ = try await store.revoke(revoked.token.id, audit: event)
            }
            try await expectTold(.token(revoked.digest), "a recall") {
                try await store.recall(revoked.token.id, of: user.id)
            }
            try await expectTold(.account(user.id), "the recall of a token that is gone") {
                try await store.recall(AccessToken.make(owner: user).id, of: user.id)
            }
            let changed = try await token()
            try await expectTold(.token(changed.digest), "a change of a token") {
                _ = try await store.change(changed.token.id, TokenChange(isSuspended: true), audit: event)
            }
            let rotated = try await token()
            try await expectTold(.token(rotated.digest), "a rotation") {
                _ = try await store.rotate(
                    to: .make(owner: user, replaces: rotated.token.id), digest: .make(),
                    endingOldAt: fixtureInstant, audit: event)
            }
            try await expectTold(.account(user.id), "the revocation of all tokens") {
                _ = try await store.revokeTokens(of: user.id, audit: event)
            }
            try await expectTold(.account(user.id), "a change of a password that revokes") {
                _ = try await store.changePassword(
                    PasswordChange(
                        user: user.id, hash: "$other$", endedSessions: .all, audit: event,
                        revocation: .make(.tokenRevoked, user: user.id)))
            }
            for isDisabled in [true, false] {
                try await expectTold(.account(user.id), "disabling or enabling") {
                    _ = try await store.setDisabled(isDisabled, user: user.id, audit: event)
                }
            }
            user.isOperator.toggle()
            try await expectTold(.account(user.id), "a change of an account") {
                _ = try await store.update(user, audit: event)
            }
            try await expectTold(.account(user.id), "a removal") {
                _ = try await store.remove(user.id, audit: event)
            }
            try await expectTold(.scopes, "a new permission") {
                try await store.put(ScopeDefinition(.tokensRead, "Read"), audit: event)
            }
            try await expectTold(.scopes, "the removal of a permission") {
                _ = try await store.removeScope(.tokensRead, audit: event)
            }
        },
        Clause("a change whose authorization has ended is told to no observer") { store in
            let user = try await addUser(store)
            let (token, digest) = (AccessToken.make(owner: user), TokenDigest.make())
            try await addToken(store, token, digest)
            let told = Told()
            store.observeChanges(includesForeign: false) { change in
                told.changes.withLock { $0.append(change) }
            }
            try await expectError("a change by an unknown token") {
                _ = try await store.revoke(
                    token.id, by: .token(AccessToken.make(owner: user).id, of: user), audit: .make())
            }
            try expect(told.changes.withLock { $0 }, is: [], "changes")
        },
    ]
}
