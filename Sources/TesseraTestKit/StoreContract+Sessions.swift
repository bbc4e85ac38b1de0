import TesseraCore
import TesseraTime

extension StoreContract {
    static let sessions = [
        Clause("a session is found with its user in every state") { store in
            let user = try await addUser(store, .make(isOperator: true))
            let ended = fixtureInstant + .seconds(-1)
            let session = Session.make(user: user, expiresAt: ended, userAgent: "", address: "2001:db8::1")
            let digest = TokenDigest.make()
            let event = AuditEvent.make(.signedIn, by: .user(user.id), user: user.id, subject: "2001:db8::1")
            try await store.start(session, digest: digest, audit: event)
            let found = try await store.session(digest)
            try expect(found?.session, is: session, "session")
            try expect(found?.user, is: user, "user")
            try expect(try await store.session(.make()) == nil, "found one that is not there")
            try expect(try await store.events(concerning: user.id, limit: 1), is: [event], "events")
        },
        Clause("a session of an unknown user is an error, and leaves no event") { store in
            try await expectError("a session of an unknown user") {
                try await store.start(.make(user: .make()), digest: .make(), audit: .make())
            }
            try expect(try await store.events(concerning: nil, limit: 9), is: [], "events")
        },
        Clause("uses of sessions are stored, and never go back in time") { store in
            let user = try await addUser(store)
            let session = Session.make(user: user)
            let digest = TokenDigest.make()
            try await store.start(session, digest: digest, audit: .make())
            let later = fixtureInstant + .seconds(60)
            try await store.noteSeen([session.id: later, Session.make(user: user).id: later])
            try expect(try await store.session(digest)?.session.lastSeenAt, is: later, "later")
            try await store.noteSeen([session.id: fixtureInstant])
            try expect(try await store.session(digest)?.session.lastSeenAt, is: later, "earlier")
        },
        Clause("a session ends once") { store in
            let user = try await addUser(store)
            let session = Session.make(user: user)
            let digest = TokenDigest.make()
            try await store.start(session, digest: digest, audit: .make(.signedIn, user: user.id))
            try expect(try await store.end(session.id, audit: .make(.signedOut, user: user.id)), "not ended")
            try expect(try await store.session(digest) == nil, "it goes on")
            try expect(
                !(try await store.end(session.id, audit: .make(.signedOut, user: user.id))), "ended twice")
            let actions = try await store.events(concerning: user.id, limit: 9).map(\.action)
            try expect(actions, is: [.signedOut, .signedIn, .userAdded], "events")
        },
        Clause("a session replaces another, which ends; of two replacements, one succeeds") { store in
            let user = try await addUser(store)
            let old = Session.make(user: user)
            let later = fixtureInstant + .seconds(9)
            let new = Session.make(user: user, authenticatedAt: later, lastSeenAt: later)
            let digests = [TokenDigest.make(), .make(), .make()]
            try await store.start(old, digest: digests[0], audit: .make())
            let event = AuditEvent.make(.sessionConfirmed, user: user.id)
            try expect(
                try await store.replace(old.id, with: new, digest: digests[1], audit: event), "not replaced")
            try expect(try await store.session(digests[0]) == nil, "the old one goes on")
            try expect(try await store.session(digests[1])?.session, is: new, "the new one")
            try expect(try await store.sessions(of: user.id, limit: 9), is: [new], "all of them")
            let another = AuditEvent.make(.sessionConfirmed, user: user.id)
            try expect(
                !(try await store.replace(
                    old.id, with: .make(user: user), digest: digests[2], audit: another)), "replaced twice")
            try expect(try await store.session(digests[2]) == nil, "a second one")
            try expect(try await store.lastEvent(.sessionConfirmed, concerning: user.id), is: event, "event")
        },
        Clause("all sessions of a user but one are ended and counted") { store in
            let user = try await addUser(store)
            let other = try await addUser(store)
            let kept = Session.make(user: user)
            let digests = [TokenDigest.make(), .make(), .make(), .make()]
            try await store.start(kept, digest: digests[0], audit: .make())
            try await store.start(.make(user: user), digest: digests[1], audit: .make())
            try await store.start(.make(user: user), digest: digests[2], audit: .make())
            try await store.start(.make(user: other), digest: digests[3], audit: .make())
            let event = AuditEvent.make(.sessionsEnded, user: user.id)
            let end = { kept in try await store.endSessions(of: user.id, except: kept, audit: event) }
            try expect(try await end(kept.id), is: 2, "count")
            try expect(try await store.lastEvent(.sessionsEnded, concerning: user.id), is: event, "event")
            try expect(try await store.session(digests[0]) != nil, "the one to keep was ended")
            try expect(try await store.session(digests[1]) == nil, "one goes on")
            try expect(try await store.session(digests[3]) != nil, "another's was ended")
            try expect(try await store.session(digests[0]) != nil, "the kept one was ended")
            let none = AuditEvent.make(.sessionsEnded, user: user.id)
            let count = try await store.endSessions(of: user.id, except: kept.id, audit: none)
            try expect(count, is: 0, "count of none")
            try expect(try await store.lastEvent(.sessionsEnded, concerning: user.id), is: event, "no event")
        },
        Clause("sessions of a user are listed, newest first, no more than the limit") { store in
            let user = try await addUser(store)
            let other = try await addUser(store)
            let first = Session.make(user: user, expiresAt: fixtureInstant, userAgent: "a", address: "::1")
            let second = Session.make(user: user)
            for session in [first, second, .make(user: other)] {
                try await store.start(session, digest: .make(), audit: .make())
            }
            try expect(try await store.sessions(of: user.id, limit: 9), is: [second, first], "all")
            try expect(try await store.sessions(of: user.id, limit: 1), is: [second], "the newest")
            try expect(try await store.sessions(of: User.make().id, limit: 9), is: [], "nobody's")
        },
        Clause("pruning deletes sessions that ended by age or disuse, no more than the limit") { store in
            let user = try await addUser(store)
            let now = fixtureInstant + .seconds(100)
            let aged = Session.make(user: user, lastSeenAt: now, expiresAt: now + .milliseconds(-1))
            let unseen = Session.make(user: user, lastSeenAt: fixtureInstant, expiresAt: now + .seconds(9))
            let both = Session.make(user: user, lastSeenAt: fixtureInstant, expiresAt: fixtureInstant)
            let live = Session.make(user: user, lastSeenAt: now, expiresAt: now)
            let liveDigest = TokenDigest.make()
            for session in [aged, unseen, both] {
                try await store.start(session, digest: .make(), audit: .make())
            }
            try await store.start(live, digest: liveDigest, audit: .make())
            let prune = { limit in
                try await store.pruneSessions(expiredBefore: now, unseenSince: now, limit: limit)
            }
            try expect(try await prune(0), is: 0, "with limit 0")
            try expect(try await prune(2), is: 2, "with limit 2")
            try expect(try await prune(9), is: 1, "the rest")
            try expect(try await prune(9), is: 0, "nothing left")
            try expect(try await store.session(liveDigest)?.session, is: live, "the live one")
        },
    ]
}
