import TesseraCore
import TesseraTime

extension StoreContract {
    static let refusals = [
        Clause("refusals are found as they were stored") { store in
            let user = User.make()
            let bare = RefusalCause.allCases.map { Refusal.make(cause: $0) }
            let full = Refusal.make(
                cause: .insufficientScope, token: AccessToken.make(owner: user).id, owner: user.id,
                needed: [.tokensWrite], held: .empty, since: fixtureInstant, detail: "“näme” is missing.")
            let hints = RefusalHint.allCases.map {
                Refusal.make(cause: .foreignScheme, origin: "https://a.example", hint: $0)
            }
            try await store.record(bare + hints + [full])
            for refusal in bare + hints + [full] {
                try expect(try await store.refusal(refusal.id), is: refusal, "refusal")
            }
            try await store.record([] as [Refusal])
            try expect(try await store.refusal(Refusal.make().id), is: nil, "one that is not there")
        },
        Clause("refusals are listed newest first by token, owner and cause, page by page") { store in
            let (user, other) = (User.make(), User.make())
            let token = AccessToken.make(owner: user).id
            let first = Refusal.make(cause: .expired, token: token, owner: user.id)
            let second = Refusal.make(cause: .unknown)
            let third = Refusal.make(cause: .revoked, token: token, owner: user.id)
            let fourth = Refusal.make(cause: .expired, owner: other.id)
            try await store.record([third, first, fourth, second])
            func expectList(_ filter: RefusalFilter, _ limit: Int, is list: [Refusal]) async throws {
                try expect(try await store.refusals(filter, limit: limit), is: list, "\(filter)")
            }
            try await expectList(RefusalFilter(), 9, is: [fourth, third, second, first])
            try await expectList(RefusalFilter(), 1, is: [fourth])
            try await expectList(RefusalFilter(before: fourth.id), 2, is: [third, second])
            try await expectList(RefusalFilter(token: token), 9, is: [third, first])
            try await expectList(RefusalFilter(token: token, before: third.id), 9, is: [first])
            try await expectList(RefusalFilter(owner: other.id), 9, is: [fourth])
            try await expectList(RefusalFilter(cause: .expired), 9, is: [fourth, first])
            try await expectList(RefusalFilter(owner: user.id, cause: .expired), 9, is: [first])
            try await expectList(RefusalFilter(owner: user.id, cause: .unknown), 9, is: [])
        },
        Clause("pruning deletes refusals from before the instant, no more than the limit") { store in
            let now = fixtureInstant + .seconds(100)
            let old = (0..<3).map { _ in Refusal.make(at: now + .milliseconds(-1)) }
            let young = Refusal.make(at: now)
            try await store.record(old + [young])
            try expect(try await store.pruneRefusals(before: now, limit: 0), is: 0, "with limit 0")
            try expect(try await store.pruneRefusals(before: now, limit: 2), is: 2, "with limit 2")
            try expect(try await store.pruneRefusals(before: now, limit: 9), is: 1, "the rest")
            try expect(try await store.refusal(young.id), is: young, "the young one")
        },
    ]

    static let audit = [
        Clause("events are found as they were stored, newest first, no more than the limit") { store in
            let user = User.make()
            let token = AccessToken.make(owner: user)
            let client: Client.ID = fixtureIdentifiers.next(at: fixtureInstant)
            let actors: [Actor] = [
                .user(user.id), .token(token.id), .client(client), .commandLine, .system,
            ]
            let own = AuditEvent.Action.allCases.enumerated().map { index, action in
                AuditEvent.make(
                    action, by: actors[index % 4], user: user.id, token: token.id, subject: "a ‘b’",
                    from: "192.0.2.\(index)")
            }
            let bare = AuditEvent.make(.scopeAdded)
            for event in own + [bare] { try await store.record(event) }
            try expect(try await store.events(concerning: user.id, limit: 99), is: own.reversed(), "own")
            try expect(try await store.events(concerning: nil, limit: 1), is: [bare], "newest of all")
            try expect(try await store.events(concerning: nil, limit: 99).count, is: own.count + 1, "all")
            try expect(try await store.events(concerning: User.make().id, limit: 9), is: [], "nobody's")
            let older = try await store.events(concerning: user.id, before: own[2].id, limit: 9)
            try expect(older, is: [own[1], own[0]], "before a cursor")
            let before = try await store.events(concerning: nil, before: bare.id, limit: 1)
            try expect(before, is: own.suffix(1), "of all before a cursor")
        },
        Clause("the newest event of a kind is found") { store in
            let user = User.make()
            let events = [AuditEvent.Action.signedIn, .signedIn, .signedOut].map {
                AuditEvent.make($0, user: user.id)
            }
            for event in events + [.make(.signedIn, user: User.make().id)] { try await store.record(event) }
            try expect(try await store.lastEvent(.signedIn, concerning: user.id), is: events[1], "newest")
            try expect(try await store.lastEvent(.userAdded, concerning: user.id), is: nil, "none")
        },
        Clause("the revocation of a token is found by the token, and no other event") { store in
            let user = User.make()
            let (token, other) = (AccessToken.make(owner: user).id, AccessToken.make(owner: user).id)
            let revocation = AuditEvent.make(.tokenRevoked, by: .commandLine, token: token)
            try await store.record(.make(.tokenIssued, token: token))
            try await store.record(revocation)
            try await store.record(.make(.tokenIssued, token: other))
            try expect(try await store.revocation(of: token), is: revocation, "the revocation")
            try expect(try await store.revocation(of: other), is: nil, "that of a token not revoked")
        },
        Clause("pruning deletes events from before the instant, no more than the limit") { store in
            let now = fixtureInstant + .seconds(100)
            let old = (0..<3).map { _ in AuditEvent.make(at: now + .milliseconds(-1)) }
            let young = AuditEvent.make(at: now)
            for event in old + [young] { try await store.record(event) }
            try expect(try await store.pruneEvents(before: now, limit: 0), is: 0, "with limit 0")
            try expect(try await store.pruneEvents(before: now, limit: 2), is: 2, "with limit 2")
            try expect(try await store.pruneEvents(before: now, limit: 9), is: 1, "the rest")
            try expect(
                try await store.events(concerning: nil, before: nil, limit: 9), is: [young], "the young one")
        },
    ]
}
