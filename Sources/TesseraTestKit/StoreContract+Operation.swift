import TesseraCore
import TesseraTime

extension StoreContract {
    static let operation = [
        Clause("the last run of each job is found as it was stored") { store in
            try expect(try await store.jobRuns(), is: [], "at first")
            let first = JobRun(
                .pruneTokens, at: fixtureInstant, duration: .microseconds(1_500), rows: 3, waiting: 7,
                failures: 2,
                complaint: "The disk is full.")
            let other = JobRun(.writeUses, at: fixtureInstant, duration: .zero, rows: 0)
            try await store.noteRuns([first, other])
            try expect(try await store.jobRuns(), is: [other, first], "in the order of the names")
            let second = JobRun(
                .pruneTokens, at: fixtureInstant + .seconds(60), duration: .seconds(1), rows: 0)
            try await store.noteRuns([second])
            try expect(try await store.jobRuns(), is: [other, second], "the later run")
            try await store.noteRuns([])
        },
        Clause("the census distinguishes live rows from dead rows") { store in
            let now = fixtureInstant
            let user = try await addUser(store)
            let disabled = try await addUser(store)
            _ = try await store.setDisabled(true, user: disabled.id, audit: .make(.userDisabled))
            try await store.start(
                .make(user: user, expiresAt: now + .milliseconds(1)), digest: .make(), audit: .make())
            try await store.start(.make(user: user, expiresAt: now), digest: .make(), audit: .make())
            try await addToken(store, .make(owner: user, expiresAt: nil))
            try await addToken(store, .make(owner: user, expiresAt: now + .milliseconds(1)))
            try await addToken(store, .make(owner: user, expiresAt: now))
            try await addToken(store, .make(owner: user, expiresAt: nil, revokedAt: now))
            try await addToken(store, .make(owner: user, expiresAt: now, revokedAt: now))
            try await store.record([.make(), .make()] as [Refusal])
            try await store.record([TokenRequest.make(.make(owner: user))])
            _ = try await store.claim(.make(expiresAt: now + .milliseconds(1)), at: now)
            _ = try await store.claim(.make(expiresAt: now), at: now)
            let census = try await store.census(at: now)
            let events = try await store.events(concerning: nil, before: nil, limit: 99).count
            try expect(
                census.rows,
                is: [
                    .init(.users, live: 1, dead: 1), .init(.sessions, live: 1, dead: 1),
                    .init(.tokens, live: 2, dead: 3), .init(.refusals, live: 2), .init(.requests, live: 1),
                    .init(.auditEvents, live: events, dead: 0), .init(.claims, live: 1, dead: 1),
                ], "rows")
        },
    ]
}
