import TesseraCore
import TesseraCrypto
import TesseraTime

extension StoreContract {
    static let tokens = [
        Clause("a token is found by its digest, with its owner, as it was stored") { store in
            let user = try await addUser(store, .make(isOperator: true))
            let full = AccessToken.make(
                owner: user, kind: .oauth, name: "it's \"<b>\" 🏴‍☠️", scope: [.tokensWrite, .tokensRead],
                revokedAt: fixtureInstant + .milliseconds(1), suspendedAt: fixtureInstant,
                lastUsedAt: fixtureInstant + .milliseconds(2),
                lastUsedFrom: ClientAddress(high: .max, low: 1), replaces: AccessToken.make(owner: user).id,
                replacedBy: AccessToken.make(owner: user).id,
                metadata: try TokenMetadata(["team": "the \"blue\" one \\ 🏴‍☠️", "empty": ""]))
            let bare = AccessToken.make(owner: user, scope: .empty, expiresAt: nil)
            for token in [full, bare] {
                let digest = TokenDigest.make()
                let event = AuditEvent.make(
                    .tokenIssued, by: .token(token.id), user: user.id, token: token.id,
                    subject: token.name.text)
                try expect(try await store.insert(token, digest: digest, audit: event), "not stored")
                let stored = try await found(store, digest)
                try expect(stored?.token, is: token, "token")
                try expect(stored?.owner, is: user, "owner")
                try expect(try await store.token(token.id), is: token, "by identifier")
                try expect(try await store.events(concerning: user.id, limit: 1), is: [event], "event")
            }
        },
        Clause("a token of a client itself is found, changed and revoked like another, and has no owner") {
            store in
            let client: Client.ID = fixtureIdentifiers.next(at: fixtureInstant)
            let digest = TokenDigest.make()
            let token = AccessToken.make(of: client)
            let inserted = try await store.insert(
                token, digest: digest, limit: 1, audit: .make(token: token.id))
            try expect(inserted, is: .stored, "stored")
            try expect(try await found(store, digest)?.token, is: token, "token")
            try expect(try await found(store, digest)?.principal, is: .client(client), "principal")
            try expect(try await store.token(token.id), is: token, "by identifier")
            try expect(
                try await store.tokens(of: nil, before: nil, limit: 9), is: [token],
                "the tokens of all owners")
            let user = try await addUser(store)
            try expect(try await store.tokens(of: user.id, before: nil, limit: 9), is: [], "a user's")
            _ = try await store.remove(user.id, audit: .make())
            let change = TokenChange(isSuspended: true)
            let event = AuditEvent.make(.tokenDisabled, by: .client(client), token: token.id)
            let changed = change.applied(to: token, at: event.at)
            try expect(
                try await store.change(token.id, change, audit: event), is: .changed(changed, digest),
                "change")
            try expect(try await store.recall(token.id, of: nil), is: digest, "recall")
            try expect(try await store.revoke(token.id, audit: .make()), is: .revoked(digest), "revocation")
            try expect(try await store.events(concerning: nil, limit: 9).contains(event), "no event")
            try await store.record([.make(token)])
            let requests = try await store.requests(TokenRequestFilter(token: token.id), limit: 9)
            try expect(requests.map(\.owner), is: [nil], "requests")
        },
        Clause("a token keeps the client that received it and the consent behind it") { store in
            let user = try await addUser(store)
            let token = AccessToken.make(
                owner: user, client: fixtureIdentifiers.next(at: fixtureInstant),
                grant: fixtureIdentifiers.next(at: fixtureInstant), kind: .oauth)
            let digest = TokenDigest.make()
            try await addToken(store, token, digest)
            try expect(try await found(store, digest)?.token, is: token, "token")
            try expect(try await found(store, digest)?.principal, is: .user(user), "principal")
            let outcome = try await store.change(token.id, TokenChange(expiry: .never), audit: .make())
            var changed = token
            changed.expiresAt = nil
            try expect(outcome, is: .changed(changed, digest), "change")
        },
        Clause("a token of an unknown owner is an error, even for a client") { store in
            let token = AccessToken.make(owner: .make(), client: fixtureIdentifiers.next(at: fixtureInstant))
            try await expectError("a token of an unknown owner") {
                _ = try await store.insert(token, digest: .make(), audit: .make())
            }
            try expect(try await store.tokens(of: nil, before: nil, limit: 9), is: [], "tokens")
        },
        Clause("a token is found in every state of the token and its owner") { store in
            let user = try await addUser(store, .make(disabledAt: fixtureInstant))
            let digest = TokenDigest.make()
            let token = AccessToken.make(owner: user, expiresAt: fixtureInstant, revokedAt: fixtureInstant)
            try await addToken(store, token, digest)
            try expect(try await found(store, digest)?.token, is: token, "token")
            try expect(try await found(store, digest)?.owner, is: user, "owner")
        },
        Clause("a token that was not stored is not found") { store in
            let user = try await addUser(store)
            let digest = TokenDigest.make()
            try await addToken(store, .make(owner: user), digest)
            try expect(try await found(store, .make()) == nil, "found one that is not there")
            // Compares digests that differ in one bit, also after the first eight bytes.
            for index in [0, 7, 8, 31] {
                var bytes = digest.bytes
                bytes[index] ^= 1
                guard let near = TokenDigest(bytes: bytes) else { throw Violation(description: "no digest") }
                try expect(
                    try await found(store, near) == nil, "found by a digest that differs in byte \(index)")
            }
            try expect(try await store.token(AccessToken.make(owner: user).id), is: nil, "by identifier")
        },
        Clause("a digest that is taken changes nothing") { store in
            let user = try await addUser(store)
            let first = AccessToken.make(owner: user, name: "First")
            let second = AccessToken.make(owner: user, name: "Second")
            let digest = TokenDigest.make()
            try await addToken(store, first, digest)
            let inserted = try await store.insert(second, digest: digest, audit: .make(user: user.id))
            try expect(!inserted, "stored twice")
            try expect(try await found(store, digest)?.token, is: first, "the first")
            try expect(try await store.token(second.id), is: nil, "the second")
            try expect(try await store.events(concerning: user.id, limit: 9).count, is: 1, "events")
        },
        Clause("of many insertions of one digest at once, one succeeds") { store in
            let user = try await addUser(store)
            let digest = TokenDigest.make()
            let results = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await store.insert(.make(owner: user), digest: digest, audit: .make())
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try expect(results.count(where: \.self), is: 1, "successes")
            try expect(try await store.tokens(of: user.id, before: nil, limit: 99).count, is: 1, "tokens")
        },
        Clause("a token of an unknown owner is an error, and leaves no event") { store in
            try await expectError("a token of an unknown owner") {
                _ = try await store.insert(.make(owner: .make()), digest: .make(), audit: .make())
            }
            try expect(try await store.events(concerning: nil, limit: 9), is: [], "events")
        },
        Clause("tokens come newest first, before the cursor, of one owner or of all, no more than the limit")
        { store in
            let user = try await addUser(store)
            let other = try await addUser(store)
            let first = AccessToken.make(owner: user)
            let foreign = AccessToken.make(owner: other)
            let second = AccessToken.make(owner: user)
            let third = AccessToken.make(owner: user)
            for token in [second, foreign, first, third] { try await addToken(store, token) }
            let all = [third, second, foreign, first]
            try expect(
                try await store.tokens(of: user.id, before: nil, limit: 9), is: [third, second, first], "own")
            try expect(
                try await store.tokens(of: user.id, before: nil, limit: 2), is: [third, second], "two")
            try expect(try await store.tokens(of: user.id, before: third.id, limit: 1), is: [second], "page")
            try expect(try await store.tokens(of: user.id, before: first.id, limit: 9), is: [], "last page")
            try expect(
                try await store.tokens(of: nil, before: nil, limit: 9), is: all, "the tokens of all owners")
            try expect(try await store.tokens(of: nil, before: foreign.id, limit: 9), is: [first], "rest")
            try expect(try await store.tokens(of: User.make().id, before: nil, limit: 9), is: [], "nobody's")
        },
        Clause("a revocation has the instant of its event, once") { store in
            let user = try await addUser(store)
            let token = AccessToken.make(owner: user)
            let digest = TokenDigest.make()
            try await addToken(store, token, digest)
            let event = AuditEvent.make(.tokenRevoked, user: user.id, at: fixtureInstant + .seconds(5))
            try expect(try await store.revoke(token.id, audit: event), is: .revoked(digest), "first")
            try expect(try await found(store, digest)?.token.revokedAt, is: event.at, "instant")
            let again = AuditEvent.make(.tokenRevoked, user: user.id, at: fixtureInstant + .seconds(9))
            try expect(try await store.revoke(token.id, audit: again), is: .already, "second")
            try expect(try await found(store, digest)?.token.revokedAt, is: event.at, "instant afterwards")
            let unknown = AccessToken.make(owner: user).id
            try expect(try await store.revoke(unknown, audit: again), is: .unknown, "unknown")
            try expect(try await store.events(concerning: user.id, limit: 1), is: [event], "events")
        },
        Clause("of many revocations of one token at once, one succeeds") { store in
            let user = try await addUser(store)
            let token = AccessToken.make(owner: user)
            let digest = TokenDigest.make()
            try await addToken(store, token, digest)
            let outcomes = try await withThrowingTaskGroup(of: RevocationOutcome.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await store.revoke(token.id, audit: .make(.tokenRevoked, user: user.id))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try expect(outcomes.count { $0 == .revoked(digest) }, is: 1, "revoked")
            try expect(outcomes.count { $0 == .already }, is: 19, "already")
            let events = try await store.events(concerning: user.id, limit: 99)
            try expect(events.count { $0.action == .tokenRevoked }, is: 1, "events")
        },
        Clause("uses are stored, never go back in time, and skip tokens that no longer exist") { store in
            let user = try await addUser(store)
            let token = AccessToken.make(owner: user)
            let untouched = AccessToken.make(owner: user)
            try await addToken(store, token)
            try await addToken(store, untouched)
            let later = fixtureInstant + .seconds(60)
            let use = TokenUse(at: later, from: ClientAddress(high: 0x2001_0DB8 << 32, low: 1))
            try await store.noteUses([token.id: use, AccessToken.make(owner: user).id: use])
            try expect(try await store.token(token.id)?.lastUsedAt, is: later, "later")
            try expect(try await store.token(token.id)?.lastUsedFrom, is: use.from, "from")
            try await store.noteUses([token.id: TokenUse(at: fixtureInstant, from: .local)])
            try expect(try await store.token(token.id)?.lastUsedAt, is: later, "earlier")
            try expect(try await store.token(token.id)?.lastUsedFrom, is: use.from, "from, earlier")
            try await store.noteUses([token.id: TokenUse(at: later + .seconds(1))])
            try expect(try await store.token(token.id)?.lastUsedFrom, is: nil, "from where is not known")
            try await store.noteUses([:])
            try expect(try await store.token(untouched.id), is: untouched, "another")
        },
        Clause("pruning deletes tokens that ended before the instant, no more than the limit") { store in
            let user = try await addUser(store)
            let now = fixtureInstant + .seconds(100)
            let before = now + .milliseconds(-1)
            let live = [
                AccessToken.make(owner: user, expiresAt: nil), .make(owner: user, expiresAt: now),
                .make(owner: user, expiresAt: nil, revokedAt: now),
            ]
            let dead = [
                AccessToken.make(owner: user, expiresAt: before), .make(owner: user, revokedAt: before),
                .make(owner: user, expiresAt: before, revokedAt: before),
            ]
            for token in live + dead { try await addToken(store, token) }
            try expect(try await store.pruneTokens(deadBefore: now, limit: 0), is: 0, "with limit 0")
            try expect(try await store.pruneTokens(deadBefore: now, limit: 2), is: 2, "with limit 2")
            try expect(try await store.pruneTokens(deadBefore: now, limit: 9), is: 1, "the rest")
            try expect(try await store.pruneTokens(deadBefore: now, limit: 9), is: 0, "nothing left")
            let left = try await store.tokens(of: user.id, before: nil, limit: 9)
            try expect(left, is: live.reversed(), "left")
        },
    ]
}
