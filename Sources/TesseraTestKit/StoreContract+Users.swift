import TesseraCore
import TesseraTime

extension StoreContract {
    static let users = [
        Clause("a user is found as it was added") { store in
            let user = User.make(
                email: "Åsa@Example.org", username: "Åsa \"<b>\" O'Hara\u{1F3F4}", isOperator: true,
                disabledAt: fixtureInstant + .seconds(1))
            let event = AuditEvent.make(.userAdded, user: user.id)
            try expect(try await store.add(user, passwordHash: "$hash$", audit: event), "not added")
            try expect(try await store.user(user.id), is: user, "by identifier")
            try expect(try await store.user(email: user.email), is: user, "by address")
            let login = try await store.userForLogin(user.email)
            try expect(login?.user, is: user, "for logging in")
            try expect(login?.passwordHash, is: "$hash$", "hash")
            try expect(try await store.events(concerning: user.id, limit: 9), is: [event], "events")
        },
        Clause("a user that was not added is not found") { store in
            let user = User.make()
            try expect(try await store.user(user.id), is: nil, "by identifier")
            try expect(try await store.user(email: user.email), is: nil, "by address")
            try expect(try await store.userForLogin(user.email) == nil, "found for logging in")
        },
        Clause("an e-mail address that is taken adds nothing") { store in
            let first = try await addUser(store, .make(email: "dagny@example.org"))
            let second = User.make(email: "DAGNY@example.org", username: "Other")
            let added = try await store.add(second, passwordHash: "$other$", audit: .make(user: second.id))
            try expect(!added, "added twice")
            try expect(try await store.user(second.id), is: nil, "the second")
            try expect(try await store.userForLogin(first.email)?.passwordHash, is: "$hash$", "hash")
            try expect(try await store.events(concerning: second.id, limit: 9), is: [], "events")
        },
        Clause("an address belongs to one account in every spelling, and is shown as it was typed") { store in
            let user = try await addUser(store, .make(email: "Stra\u{DF}e\u{308}@EX\u{C4}MPLE.de"))
            try expect(
                try await store.user(user.id)?.email.text, is: "Stra\u{DF}\u{EB}@ex\u{E4}mple.de", "shown")
            for spelling in [
                "STRASSE\u{308}@xn--exmple-cua.de", "strass\u{EB}@exa\u{308}mple.de",
                "stra\u{DF}\u{EB}@ex\u{E4}mple.de",
            ] {
                guard let address = EmailAddress(of: spelling) else { continue }
                try expect(try await store.user(email: address)?.id, is: user.id, spelling)
                try expect(try await store.userForLogin(address)?.user.id, is: user.id, spelling)
                let other = User.make(email: spelling)
                try expect(
                    !(try await store.add(other, passwordHash: "", audit: .make())), "added as \(spelling)")
                let third = try await addUser(store, .make())
                var changed = third
                changed.email = address
                try expect(!(try await store.update(changed, audit: .make())), "changed to \(spelling)")
                try expect(try await store.user(third.id), is: third, "the third")
            }
            for text in ["STRASS", "stra\u{DF}", "mple.de"] {
                let found = try await store.users(matching: text, after: nil, limit: 9).map(\.id)
                try expect(found.contains(user.id), "not found by \(text)")
            }
            try await store.settleAddresses()
            try expect(try await store.user(user.id)?.email.text, is: user.email.text, "settled")
            try expect(try await store.irregularAddresses(limit: 9), is: [], "irregular")
        },
        Clause("of many additions of spellings of one e-mail address at once, one succeeds") { store in
            let results = try await withThrowingTaskGroup(of: Bool.self) { group in
                for spelling in ["\u{FC}@x.de", "\u{DC}@x.de", "u\u{308}@x.de", "U\u{308}@X.de"] {
                    group.addTask {
                        let user = User.make(email: spelling)
                        return try await store.add(user, passwordHash: "$hash$", audit: .make(user: user.id))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try expect(results.count(where: \.self), is: 1, "successes")
        },
        Clause("of many additions of one e-mail address at once, one succeeds") { store in
            let results = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let user = User.make(email: "same@example.org")
                        return try await store.add(user, passwordHash: "$hash$", audit: .make(user: user.id))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try expect(results.count(where: \.self), is: 1, "successes")
            try expect(try await store.users(after: nil, limit: 99).count, is: 1, "users")
            try expect(try await store.events(concerning: nil, limit: 99).count, is: 1, "events")
        },
        Clause("users come in order of creation, after the cursor, no more than the limit") { store in
            let first = User.make()
            let second = User.make()
            let third = User.make()
            for user in [second, third, first] { _ = try await addUser(store, user) }
            try expect(try await store.users(after: nil, limit: 9), is: [first, second, third], "all")
            try expect(try await store.users(after: nil, limit: 2), is: [first, second], "two")
            try expect(
                try await store.users(after: first.id, limit: 9), is: [second, third], "after the first")
            try expect(try await store.users(after: third.id, limit: 9), is: [], "after the last")
            try expect(try await store.users(after: nil, limit: 0), is: [], "none")
        },
        Clause("users are found by a part of address or name, in either case of ASCII letters") { store in
            let ember = try await addUser(store, .make(email: "ember@cave.example", username: "Ember 100%"))
            let ash = try await addUser(store, .make(email: "ash@peak.example", username: "Member"))
            let asa = try await addUser(store, .make(email: "asa@peak.example", username: "Åsa_B"))
            func found(_ text: String, after cursor: User.ID? = nil, limit: Int = 9) async throws -> [User] {
                try await store.users(matching: text, after: cursor, limit: limit)
            }
            try expect(try await found("EMBER"), is: [ember, ash], "by both")
            try expect(try await found("ember", after: ember.id), is: [ash], "after the first")
            try expect(try await found("ember", limit: 1), is: [ember], "no more than the limit")
            try expect(try await found("@PEAK"), is: [ash, asa], "by address")
            try expect(try await found("Ås"), is: [asa], "letters beyond ASCII")
            try expect(try await found("ås"), is: [], "whose case counts")
            // Special characters of patterns stand for themselves.
            try expect(try await found("%"), is: [ember], "percent")
            try expect(try await found("_"), is: [asa], "underscore")
            try expect(try await found("'"), is: [], "quote")
            try expect(try await found(""), is: [ember, ash, asa], "all users")
        },
        Clause("an update writes username, address and role, and nothing else") { store in
            var user = try await addUser(store)
            user.email = User.make(email: "new@example.org").email
            user.username = "New"
            user.isOperator = true
            var given = user
            given.disabledAt = fixtureInstant
            try expect(try await store.update(given, audit: .make(user: user.id)), "not updated")
            try expect(try await store.user(user.id), is: user, "stored")
            try expect(try await store.userForLogin(user.email)?.passwordHash, is: "$hash$", "hash")
            try expect(try await store.events(concerning: user.id, limit: 9).count, is: 2, "events")
        },
        Clause("an update to a taken address, or of an unknown user, changes nothing") { store in
            let first = try await addUser(store)
            let second = try await addUser(store)
            var changed = second
            changed.email = first.email
            changed.username = "New"
            try expect(
                !(try await store.update(changed, audit: .make(user: second.id))), "address taken twice")
            try expect(try await store.user(second.id), is: second, "the second")
            try expect(!(try await store.update(.make(), audit: .make())), "an unknown user was updated")
            try expect(try await store.events(concerning: nil, limit: 9).count, is: 2, "events")
        },
        Clause("a former address is reserved for its account, and the event names both") { store in
            let old = try await addUser(store)
            var moved = old
            moved.email = User.make().email
            let event = AuditEvent.make(.userChanged, user: old.id, at: fixtureInstant)
            try expect(try await store.update(moved, by: .system, audit: event), "not updated")
            let told = event.telling(ofAddressFrom: old.email, to: moved.email)
            try expect(try await store.events(concerning: old.id, limit: 1), is: [told], "event")
            try expect(
                told.changedAddresses.map { [$0.old, $0.new] }, is: [old.email.text, moved.email.text],
                "named")

            var other = try await addUser(store)
            other.email = old.email
            let newcomer = User.make(email: old.email.text)
            func areRefused(at instant: NumericDate) async throws {
                try expect(
                    !(try await store.update(other, by: .system, audit: .make(at: instant))),
                    "another account took it")
                try expect(
                    try await store.add(newcomer, passwordHash: "", by: .system, audit: .make(at: instant))
                        == nil,
                    "a new account took it")
            }
            try await areRefused(at: fixtureInstant)
            try await areRefused(at: fixtureInstant + FreedAddress.wait - .milliseconds(1))
            try expect(try await store.user(email: old.email) == nil, "the address belongs to an account")
            try expect(try await store.pruneFreedAddresses(before: fixtureInstant, limit: 9), is: 0, "pruned")
            try await areRefused(at: fixtureInstant)
            // The same account takes the address back, and gives it up again.
            try expect(
                try await store.update(old, by: .system, audit: .make(at: fixtureInstant)), "not taken back")
            try expect(
                try await store.update(moved, by: .system, audit: .make(at: fixtureInstant)),
                "not given up again")
            let late = AuditEvent.make(at: fixtureInstant + FreedAddress.wait)
            try expect(try await store.update(other, by: .system, audit: late), "not free after the time")
            // The previous address is reserved from then on, and the reservation of the present one is gone.
            let next = fixtureInstant + .milliseconds(1)
            try expect(try await store.pruneFreedAddresses(before: next, limit: 9), is: 0, "pruned late")
        },
        Clause("a reserved address is free when it is pruned, and not when its account is removed") { store in
            let old = try await addUser(store)
            var moved = old
            moved.email = User.make().email
            try expect(
                try await store.update(moved, by: .system, audit: .make(at: fixtureInstant)), "not updated")
            try expect(
                try await store.remove(old.id, by: .system, audit: .make(at: fixtureInstant)), "not removed")
            let newcomer = User.make(email: old.email.text)
            func add(_ user: User) async throws -> Bool {
                try await store.add(user, passwordHash: "", by: .system, audit: .make(at: fixtureInstant))
                    != nil
            }
            try expect(!(try await add(newcomer)), "taken after the removal")
            // The last address is free, because an operator removed the account.
            let heir = User.make(email: moved.email.text)
            try expect(try await add(heir), "not free after the removal")
            let next = fixtureInstant + .milliseconds(1)
            try expect(try await store.pruneFreedAddresses(before: next, limit: 0), is: 0, "none")
            try expect(try await store.pruneFreedAddresses(before: next, limit: 9), is: 1, "one")
            try expect(try await add(newcomer), "not free")
        },
        Clause("an account gives up no more addresses than can be reserved for it") { store in
            var user = try await addUser(store)
            let first = user
            for _ in 0..<FreedAddress.mostPerAccount {
                user.email = User.make().email
                try expect(
                    try await store.update(user, by: .system, audit: .make(at: fixtureInstant)), "not updated"
                )
            }
            let last = user
            user.email = User.make().email
            try expect(
                !(try await store.update(user, by: .system, audit: .make(at: fixtureInstant))), "one too many"
            )
            try expect(try await store.user(user.id), is: last, "stored")
            user.email = last.email
            user.username = "Other"
            try expect(try await store.update(user, by: .system, audit: .make(at: fixtureInstant)), "a name")
            user.email = first.email
            try expect(
                try await store.update(user, by: .system, audit: .make(at: fixtureInstant)), "not taken back")
            user.email = User.make().email
            let later = AuditEvent.make(at: fixtureInstant + FreedAddress.wait)
            try expect(try await store.update(user, by: .system, audit: later), "later")
        },
        Clause("of many requests for an address while it is given up, none succeeds") { store in
            for _ in 0..<20 {
                let old = try await addUser(store)
                var moved = old
                moved.email = User.make().email
                let results = try await withThrowingTaskGroup(of: Bool.self) { [moved] group in
                    group.addTask {
                        try await store.update(moved, by: .system, audit: .make(at: fixtureInstant))
                    }
                    for _ in 0..<10 {
                        group.addTask {
                            try await store.add(
                                .make(email: old.email.text), passwordHash: "", by: .system,
                                audit: .make(at: fixtureInstant)) == nil
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                try expect(results.allSatisfy { $0 }, "the address was taken")
                try expect(try await store.user(email: old.email) == nil, "the address belongs to an account")
            }
        },
        Clause("a change of the password ends sessions and tokens of that user alone, with events") { store in
            let user = try await addUser(store)
            let other = try await addUser(store)
            let digests = [TokenDigest.make(), .make(), .make()]
            let kept = Session.make(user: user)
            try await store.start(kept, digest: digests[0], audit: .make())
            try await store.start(.make(user: user), digest: digests[1], audit: .make())
            try await store.start(.make(user: other), digest: digests[2], audit: .make())
            let live = AccessToken.make(owner: user)
            let revoked = AccessToken.make(owner: user, revokedAt: fixtureInstant)
            let foreign = AccessToken.make(owner: other)
            for token in [live, revoked, foreign] { try await addToken(store, token) }
            let event = AuditEvent.make(.passwordChanged, user: user.id, from: "192.0.2.9")
            let later = fixtureInstant + .seconds(9)
            let revocation = AuditEvent.make(.tokenRevoked, user: user.id, at: later)
            let outcome = try await store.changePassword(
                PasswordChange(
                    user: user.id, hash: "$new$", endedSessions: .all, audit: event, revocation: revocation))
            try expect(outcome?.revokedTokens, is: 1, "revoked tokens")
            try expect(outcome?.endedSessions, is: 2, "ended sessions")
            try expect(outcome?.proof.passwordHash, is: "$new$", "hash")
            try expect(outcome?.proof, is: try await store.userForLogin(user.email), "state")
            try expect(try await store.session(digests[0]) == nil, "a session goes on")
            try expect(try await store.session(digests[2]) != nil, "another's session was ended")
            try expect(try await store.token(live.id)?.revokedAt, is: later, "the live token")
            try expect(try await store.token(revoked.id)?.revokedAt, is: fixtureInstant, "revoked before")
            try expect(try await store.token(foreign.id)?.revokedAt, is: nil, "another's token")
            let events = try await store.events(concerning: user.id, limit: 2)
            let told = revocation.telling(of: live.id, named: live.name, number: 0)
            try expect(events, is: [told, event], "events")
        },
        Clause("a changed password may leave tokens and other sessions alone") { store in
            let user = try await addUser(store)
            let own = Session.make(user: user)
            let digests = [TokenDigest.make(), .make()]
            try await store.start(own, digest: digests[0], audit: .make())
            try await store.start(.make(user: user), digest: digests[1], audit: .make())
            let token = AccessToken.make(owner: user)
            try await addToken(store, token)
            let change = PasswordChange(
                user: user.id, hash: "$new$", endedSessions: .only(own.id), audit: .make(user: user.id),
                revocation: nil)
            let outcome = try await store.changePassword(change)
            try expect(outcome?.revokedTokens, is: 0, "revoked tokens")
            try expect(outcome?.endedSessions, is: 1, "ended sessions")
            try expect(try await store.session(digests[0]) == nil, "one's own session goes on")
            try expect(try await store.session(digests[1]) != nil, "another session was ended")
            try expect(try await store.token(token.id)?.revokedAt, is: nil, "the token")
            let nobody = PasswordChange(
                user: User.make().id, hash: "$x$", endedSessions: .all, audit: .make(), revocation: nil)
            try expect(try await store.changePassword(nobody), is: nil, "nobody's password")
        },
        Clause("disabling has the instant of its event and ends the sessions; enabling reverts it") { store in
            let user = try await addUser(store)
            let other = try await addUser(store)
            let digest = TokenDigest.make()
            let otherDigest = TokenDigest.make()
            try await store.start(.make(user: user), digest: digest, audit: .make())
            try await store.start(.make(user: other), digest: otherDigest, audit: .make())
            let later = fixtureInstant + .seconds(60)
            let event = AuditEvent.make(.userDisabled, user: user.id, at: later)
            try expect(try await store.setDisabled(true, user: user.id, audit: event), "not disabled")
            try expect(try await store.user(user.id)?.disabledAt, is: later, "instant")
            try expect(try await store.session(digest) == nil, "the session goes on")
            try expect(try await store.session(otherDigest) != nil, "another's session was ended")
            try expect(try await store.events(concerning: user.id, limit: 1), is: [event], "events")
            // Disabling again keeps the first instant.
            let again = AuditEvent.make(.userDisabled, user: user.id, at: later + .seconds(60))
            try expect(try await store.setDisabled(true, user: user.id, audit: again), "not disabled again")
            try expect(try await store.user(user.id)?.disabledAt, is: later, "instant after the second time")
            try expect(try await store.setDisabled(false, user: user.id, audit: .make()), "not enabled")
            try expect(try await store.user(user.id), is: user, "enabled")
            try expect(
                !(try await store.setDisabled(true, user: User.make().id, audit: .make())), "disabled nobody")
        },
        Clause("a user is removed with all their tokens and sessions, and no others") { store in
            let user = try await addUser(store)
            let other = try await addUser(store)
            let digests = [TokenDigest.make(), .make(), .make(), .make()]
            try await addToken(store, .make(owner: user), digests[0])
            try await addToken(store, .make(owner: other), digests[1])
            try await store.start(.make(user: user), digest: digests[2], audit: .make())
            try await store.start(.make(user: other), digest: digests[3], audit: .make())
            try expect(
                try await store.remove(user.id, audit: .make(.userRemoved, user: user.id)), "not removed")
            try expect(try await store.user(user.id), is: nil, "user")
            try expect(try await found(store, digests[0]) == nil, "the token stayed")
            try expect(try await found(store, digests[1]) != nil, "another's token went")
            try expect(try await store.session(digests[2]) == nil, "the session stayed")
            try expect(try await store.session(digests[3]) != nil, "another's session went")
            try expect(!(try await store.remove(user.id, audit: .make(user: user.id))), "removed twice")
            let actions = try await store.events(concerning: user.id, limit: 9).map(\.action)
            try expect(actions, is: [.userRemoved, .userAdded], "events")
        },
        Clause("the owner found with a token or session reflects every change") { store in
            var user = try await addUser(store)
            let digest = TokenDigest.make()
            try await addToken(store, .make(owner: user), digest)
            for round in 1...5 {
                user.username = "Name \(round)"
                user.isOperator.toggle()
                try expect(try await store.update(user, audit: .make()), "not updated")
                try expect(try await found(store, digest)?.owner, is: user, "after an update")
                let event = AuditEvent.make(at: fixtureInstant + .seconds(Int64(round)))
                _ = try await store.setDisabled(true, user: user.id, audit: event)
                try expect(try await found(store, digest)?.owner?.disabledAt, is: event.at, "after disabling")
                _ = try await store.setDisabled(false, user: user.id, audit: .make())
                try expect(try await found(store, digest)?.owner?.isActive, is: true, "after enabling")
            }
            _ = try await store.remove(user.id, audit: .make())
            // The next user must not be mistaken for the previous one, even if a store reuses an internal number.
            let next = try await addUser(store, .make(username: "Next"))
            try await addToken(store, .make(owner: next), digest)
            try expect(try await found(store, digest)?.owner, is: next, "the next user")
        },
    ]
}
