import TesseraCore
import TesseraTime

extension StoreContract {
    /// One second after ``fixtureInstant``.
    private static let now = fixtureInstant + .seconds(1)

    static let tokenLife = [
        Clause("an owner has no more valid tokens than the limit") { store in
            let user = try await addUser(store)
            let other = try await addUser(store)
            try await addToken(store, .make(owner: other))
            // None of these is valid when the next one is made: a token ends at its expiry, not after it.
            try await addToken(store, .make(owner: user, expiresAt: now))
            try await addToken(store, .make(owner: user, revokedAt: fixtureInstant))
            func insert(_ token: AccessToken) async throws -> InsertionOutcome {
                try await store.insert(token, digest: .make(), limit: 2, audit: .make(user: user.id))
            }
            try expect(try await insert(.make(owner: user, createdAt: now)), is: .stored, "first")
            let suspended = AccessToken.make(owner: user, createdAt: now, suspendedAt: now)
            try expect(try await insert(suspended), is: .stored, "second")
            try expect(try await insert(.make(owner: user, createdAt: now)), is: .tooMany, "third")
            try expect(try await insert(.make(owner: other, createdAt: now)), is: .stored, "another's")
            let events = try await store.events(concerning: user.id, limit: 9)
            try expect(events.count { $0.action == .userChanged }, is: 3, "events")
        },
        Clause("of many insertions at once, no more succeed than the limit permits") { store in
            let user = try await addUser(store)
            let outcomes = try await withThrowingTaskGroup(of: InsertionOutcome.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await store.insert(.make(owner: user), digest: .make(), limit: 3, audit: nil)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try expect(outcomes.count { $0 == .stored }, is: 3, "stored")
            try expect(outcomes.count { $0 == .tooMany }, is: 17, "too many")
        },
        Clause("a change changes what it names, with its event") { store in
            let user = try await addUser(store)
            let digest = TokenDigest.make()
            let token = AccessToken.make(owner: user, lastUsedAt: fixtureInstant)
            try await addToken(store, token, digest)
            let changes = [
                TokenChange(name: TokenName("Other")), TokenChange(expiry: .never),
                TokenChange(expiry: .at(now + .seconds(9))), TokenChange(isSuspended: true),
                TokenChange(isSuspended: false),
                TokenChange(metadata: try TokenMetadata(["team": "blue", "cost": "4711"])),
                TokenChange(metadata: .empty), TokenChange(),
            ]
            var expected = token
            for change in changes {
                expected = change.applied(to: expected, at: now)
                let outcome = try await store.change(
                    token.id, change, audit: .make(.tokenChanged, user: user.id, at: now))
                try expect(outcome, is: .changed(expected, digest), "outcome")
                try expect(try await found(store, digest)?.token, is: expected, "stored")
            }
            let event = AuditEvent.make(.tokenChanged, user: user.id, token: token.id, at: now)
            _ = try await store.change(token.id, TokenChange(), audit: event)
            try expect(try await store.events(concerning: user.id, limit: 1), is: [event], "event")
        },
        Clause("groups of tokens are counted and listed as defined") { store in
            let user = try await addUser(store)
            let other = try await addUser(store)
            try await addToken(store, .make(owner: other))
            let day = Duration.seconds(86_400)
            let now = fixtureInstant + .seconds(200 * 86_400)
            let tick = Duration.milliseconds(1)
            let ends: [NumericDate?] =
                [nil]
                + [
                    .zero, .zero - tick, tick, day * 7, day * 7 + tick, day * 30, day * 30 + tick, day * 90,
                    day * 90 + tick,
                ].map { now + $0 }
            let births = [
                now - day * 7, now - day * 7 - tick, now - day * 90, now - day * 90 - tick, now - day * 89,
            ]
            var all: [AccessToken] = []
            for end in ends {
                for birth in births {
                    for state in 0..<5 {
                        let token = AccessToken.make(
                            owner: user, createdAt: birth, expiresAt: end,
                            revokedAt: state == 1 ? now : nil, suspendedAt: state == 2 ? now : nil,
                            lastUsedAt: state == 3 ? now - day * 89 : nil,
                            replacedBy: state == 4 ? AccessToken.make(owner: user).id : nil)
                        try await addToken(store, token)
                        all.insert(token, at: 0)
                    }
                }
            }
            for longest in [nil, day * 90] {
                let policy = TokenPolicy(longestLifetime: longest)
                let grouping = TokenGrouping(policy, at: now)
                let counts = try await store.countTokens(of: user.id, by: grouping)
                try expect(counts.lastUse, is: now - day * 89, "last use")
                for group in TokenGroup.allCases {
                    let expected = all.filter { grouping.contains($0, in: group) }
                    try expect(
                        longest == nil && group == .exceeding || !expected.isEmpty, "\(group) is empty")
                    try expect(counts[group], is: expected.count, "the count of \(group)")
                    var listed: [AccessToken] = []
                    while true {
                        let page = try await store.tokens(
                            of: user.id, in: group, by: grouping, before: listed.last?.id, limit: 40)
                        listed += page
                        if page.count < 40 { break }
                    }
                    try expect(listed, is: expected, "the list of \(group)")
                }
            }
            let nobody = try await addUser(store)
            let counts = try await store.countTokens(of: nobody.id, by: TokenGrouping(TokenPolicy(), at: now))
            try expect(
                counts,
                is: TokenCounts(
                    Dictionary(uniqueKeysWithValues: TokenGroup.allCases.map { ($0, 0) }), lastUse: nil),
                "nobody's")
        },
        Clause("disabling twice keeps the first instant") { store in
            let user = try await addUser(store)
            let token = AccessToken.make(owner: user)
            try await addToken(store, token)
            for seconds in [1, 5] {
                let event = AuditEvent.make(.tokenDisabled, at: fixtureInstant + .seconds(seconds))
                _ = try await store.change(token.id, TokenChange(isSuspended: true), audit: event)
            }
            try expect(try await store.token(token.id)?.suspendedAt, is: now, "instant")
        },
        Clause("a token that has ended is not changed, and leaves no event") { store in
            let user = try await addUser(store)
            let over = [
                AccessToken.make(owner: user, revokedAt: fixtureInstant),
                .make(owner: user, expiresAt: now), .make(owner: user, expiresAt: fixtureInstant),
            ]
            for token in over {
                try await addToken(store, token)
                let outcome = try await store.change(
                    token.id, TokenChange(expiry: .never, isSuspended: true),
                    audit: .make(user: user.id, at: now))
                try expect(outcome, is: .over(token), "outcome")
                try expect(try await store.token(token.id), is: token, "stored")
            }
            let unknown = AccessToken.make(owner: user).id
            let outcome = try await store.change(unknown, TokenChange(), audit: .make(at: now))
            try expect(outcome, is: .unknown, "unknown")
            try expect(try await store.events(concerning: user.id, limit: 9).count, is: 1, "events")
            let alive = AccessToken.make(owner: user, expiresAt: now + .milliseconds(1))
            try await addToken(store, alive)
            let late = try await store.change(
                alive.id, TokenChange(expiry: .never), audit: .make(at: now))
            try expect(late != .over(alive), "one that has a millisecond left was over")
        },
        Clause("a change that must only reduce is refused if it adds to the stored state") { store in
            let user = try await addUser(store)
            let end = now + .seconds(60)
            let states = [
                AccessToken.make(owner: user, expiresAt: nil), .make(owner: user, expiresAt: end),
                .make(owner: user, expiresAt: nil, suspendedAt: fixtureInstant),
                .make(owner: user, expiresAt: end, suspendedAt: fixtureInstant),
            ]
            let ends: [TokenChange.Expiry?] = [
                nil, .never, .at(end), .at(end + .milliseconds(1)), .at(end - .milliseconds(1)),
            ]
            var written = 0
            for state in states {
                for expiry in ends {
                    for isSuspended in [nil, true, false] as [Bool?] {
                        let token = AccessToken.make(
                            owner: user, expiresAt: state.expiresAt, suspendedAt: state.suspendedAt)
                        let digest = TokenDigest.make()
                        try await addToken(store, token, digest)
                        let change = TokenChange(
                            name: TokenName("Other"), expiry: expiry, isSuspended: isSuspended,
                            metadata: try TokenMetadata(["team": "blue"]), onlyReduces: true)
                        let changed = change.applied(to: token, at: now)
                        let givesMore = changed.givesMore(than: token)
                        let outcome = try await store.change(
                            token.id, change, audit: .make(.tokenChanged, user: user.id, at: now))
                        try expect(
                            outcome, is: givesMore ? .givesMore(token) : .changed(changed, digest),
                            "\(change)")
                        try expect(
                            try await store.token(token.id), is: givesMore ? token : changed, "\(change)")
                        written += givesMore ? 0 : 1
                    }
                }
            }
            let events = try await store.events(concerning: user.id, limit: 99)
            try expect(events.count { $0.action == .tokenChanged }, is: written, "events")
            let over = AccessToken.make(owner: user, expiresAt: now)
            try await addToken(store, over)
            let outcome = try await store.change(
                over.id, TokenChange(expiry: .never, onlyReduces: true), audit: .make(at: now))
            try expect(outcome, is: .over(over), "one that is over")
        },
        Clause("a recall returns the digest of a token in every state, and changes nothing") { store in
            let user = try await addUser(store)
            let tokens = [
                AccessToken.make(owner: user), .make(owner: user, revokedAt: fixtureInstant),
                .make(owner: user, expiresAt: fixtureInstant),
                .make(owner: user, suspendedAt: fixtureInstant),
            ]
            for token in tokens {
                let digest = TokenDigest.make()
                try await addToken(store, token, digest)
                try expect(try await store.recall(token.id, of: user.id), is: digest, "digest")
                try expect(try await store.token(token.id), is: token, "stored")
            }
            let unknown = AccessToken.make(owner: user).id
            try expect(try await store.recall(unknown, of: user.id), is: nil, "unknown")
            try expect(try await store.events(concerning: user.id, limit: 9).count, is: 1, "events")
        },
        Clause("a rotation stores the successor and ends the old token together") { store in
            let user = try await addUser(store)
            let oldDigest = TokenDigest.make()
            let old = AccessToken.make(owner: user)
            try await addToken(store, old, oldDigest)
            let successor = AccessToken.make(
                owner: user, expiresAt: nil, replaces: old.id,
                metadata: try TokenMetadata(["team": "blue"]))
            let event = AuditEvent.make(.tokenRotated, user: user.id, token: old.id, at: now)
            let digest = TokenDigest.make()
            let end = now + .seconds(60)
            let outcome = try await store.rotate(
                to: successor, digest: digest, endingOldAt: end, audit: event)
            var expected = old
            expected.replacedBy = successor.id
            expected.expiresAt = end
            try expect(outcome, is: .rotated(expected, oldDigest), "outcome")
            try expect(try await found(store, oldDigest)?.token, is: expected, "old")
            try expect(try await found(store, digest)?.token, is: successor, "successor")
            try expect(try await store.events(concerning: user.id, limit: 1), is: [event], "event")
        },
        Clause("a rotation never extends the old token, and sets an expiry if it had none") { store in
            let user = try await addUser(store)
            for (expiry, isSooner) in [(now + .seconds(5), true), (nil, false)] as [(NumericDate?, Bool)] {
                let old = AccessToken.make(owner: user, expiresAt: expiry)
                try await addToken(store, old)
                let end = now + .seconds(60)
                _ = try await store.rotate(
                    to: .make(owner: user, replaces: old.id), digest: .make(), endingOldAt: end,
                    audit: .make(at: now))
                try expect(try await store.token(old.id)?.expiresAt, is: isSooner ? expiry : end, "end")
            }
        },
        Clause("a token that is unusable or replaced cannot be rotated, and nothing is stored") { store in
            let user = try await addUser(store)
            let refused = [
                AccessToken.make(owner: user, revokedAt: fixtureInstant), .make(owner: user, expiresAt: now),
                .make(owner: user, suspendedAt: fixtureInstant),
                .make(owner: user, replacedBy: AccessToken.make(owner: user).id),
            ]
            for old in refused {
                try await addToken(store, old)
                let digest = TokenDigest.make()
                let outcome = try await store.rotate(
                    to: .make(owner: user, replaces: old.id), digest: digest, endingOldAt: now,
                    audit: .make(user: user.id, at: now))
                try expect(outcome, is: .refused(old), "outcome")
                try expect(try await store.token(old.id), is: old, "old")
                try expect(try await found(store, digest) == nil, "the successor was stored")
            }
            let nobody = AccessToken.make(owner: user, replaces: AccessToken.make(owner: user).id)
            let outcome = try await store.rotate(
                to: nobody, digest: .make(), endingOldAt: now, audit: .make(at: now))
            try expect(outcome, is: .unknown, "unknown")
            let old = AccessToken.make(owner: user)
            let taken = TokenDigest.make()
            try await addToken(store, old)
            try await addToken(store, .make(owner: user), taken)
            let collision = try await store.rotate(
                to: .make(owner: user, replaces: old.id), digest: taken, endingOldAt: now,
                audit: .make(user: user.id, at: now))
            try expect(collision, is: .digestTaken, "digest that is taken")
            try expect(try await store.token(old.id), is: old, "old")
            try expect(try await store.events(concerning: user.id, limit: 9).count, is: 1, "events")
        },
        Clause("of many rotations of one token at once, exactly one succeeds") { store in
            let user = try await addUser(store)
            let old = AccessToken.make(owner: user)
            try await addToken(store, old)
            let outcomes = try await withThrowingTaskGroup(of: RotationOutcome.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await store.rotate(
                            to: .make(owner: user, replaces: old.id), digest: .make(),
                            endingOldAt: now + .seconds(60),
                            audit: .make(.tokenRotated, user: user.id, at: now))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try expect(
                outcomes.count { if case .rotated = $0 { true } else { false } }, is: 1, "rotated")
            try expect(
                outcomes.count { if case .refused = $0 { true } else { false } }, is: 19, "refused")
            try expect(try await store.tokens(of: user.id, before: nil, limit: 99).count, is: 2, "tokens")
            let events = try await store.events(concerning: user.id, limit: 99)
            try expect(events.count { $0.action == .tokenRotated }, is: 1, "events")
        },
        Clause("revoking all tokens of an owner keeps other tokens and earlier revocations") { store in
            let user = try await addUser(store)
            let other = try await addUser(store)
            let revoked = AccessToken.make(owner: user, revokedAt: fixtureInstant)
            let live = [AccessToken.make(owner: user), .make(owner: user, suspendedAt: fixtureInstant)]
            let foreign = AccessToken.make(owner: other)
            for token in live + [revoked, foreign] { try await addToken(store, token) }
            func revokeAll() async throws -> Int {
                try await store.revokeTokens(of: user.id, audit: .make(.tokenRevoked, user: user.id, at: now))
            }
            let event = AuditEvent.make(
                .tokenRevoked, by: .commandLine, user: user.id, from: "192.0.2.9", at: now)
            try expect(try await store.revokeTokens(of: user.id, audit: event), is: 2, "count")
            for token in live { try expect(try await store.token(token.id)?.revokedAt, is: now, "instant") }
            try expect(try await store.token(revoked.id), is: revoked, "the one revoked before")
            try expect(try await store.token(foreign.id), is: foreign, "another's")
            try expect(try await revokeAll(), is: 0, "again")
            let told = live.enumerated().map { number, token in
                event.telling(of: token.id, named: token.name, number: number)
            }
            try expect(try await store.events(concerning: user.id, limit: 2), is: told.reversed(), "events")
        },
        Clause("replaced tokens that are still valid are found, the first to end first") { store in
            let user = try await addUser(store)
            func rotated(overlap: Int) async throws -> TokenOverlap {
                let old = AccessToken.make(owner: user)
                let successor = AccessToken.make(owner: user, replaces: old.id)
                try await addToken(store, old)
                let outcome = try await store.rotate(
                    to: successor, digest: .make(), endingOldAt: now + .seconds(overlap),
                    audit: .make(at: now))
                guard case .rotated(let old, _) = outcome else { throw Violation(description: "not rotated") }
                return TokenOverlap(old: old, successor: successor)
            }
            try await addToken(store, .make(owner: user))
            let late = try await rotated(overlap: 60)
            let soon = try await rotated(overlap: 30)
            let over = try await rotated(overlap: 0)
            let revoked = try await rotated(overlap: 10)
            _ = try await store.revoke(revoked.old.id, audit: .make(at: now))
            try expect(try await store.overlappingTokens(at: now, limit: 9), is: [soon, late], "all")
            try expect(try await store.overlappingTokens(at: now, limit: 1), is: [soon], "one")
            let end = now + .seconds(60)
            try expect(try await store.overlappingTokens(at: end, limit: 9), is: [], "at the end")
            try expect(over.old.isExpired(at: now), "an overlap of nothing goes on")
        },
    ]
}
