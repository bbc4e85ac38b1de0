import Synchronization
import TesseraCore
import TesseraCrypto
import TesseraStores
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct DatabaseCopyTests {
    private let now = fixtureInstant + .seconds(60)

    /// A SQLite file with rows in every table, and this number of tokens.
    private struct Source {
        let directory: TemporaryDirectory
        let store: SQLiteStore
        let users = [User.make(isOperator: true), .make(disabledAt: fixtureInstant)]
        let sessionDigest = TokenDigest.make()
        let tokens: [(AccessToken, TokenDigest)]

        let claims = [Claim.make(), Claim.make()]
        let answer = ClaimedAnswer(
            status: 201, location: "/api/x", mediaType: "application/json", body: [0, 1])
        var path: String { directory.path("t.db") }

        init(tokenCount: Int) async throws {
            directory = try TemporaryDirectory()
            store = try await SQLiteStore.open(path: directory.path("t.db"), migrate: true)
            let owner = users[0]
            for user in users {
                _ = try await store.add(user, passwordHash: "$\(user.id)$", audit: .make(.userAdded))
            }
            var moved = users[1]
            moved.email = User.make().email
            for user in [moved, users[1]] { _ = try await store.update(user, audit: .make()) }
            let full = AccessToken.make(
                owner: users[1], scope: [.tokensWrite, .tokensRead], revokedAt: fixtureInstant,
                suspendedAt: fixtureInstant, lastUsedAt: fixtureInstant + .milliseconds(7),
                lastUsedFrom: ClientAddress(high: 0, low: 0xFFFF_0A00_0001),
                replaces: AccessToken.make(owner: owner).id, replacedBy: AccessToken.make(owner: owner).id,
                metadata: try TokenMetadata(["team": "blue \"one\" 🏴‍☠️", "a": "", "longer": "x"]))
            tokens =
                [(full, .make())]
                + (0..<tokenCount).map { _ in (AccessToken.make(owner: owner, expiresAt: nil), .make()) }
            try await store.insertTokensInBulk(tokens)
            try await store.start(
                .make(user: owner, userAgent: ""), digest: sessionDigest, audit: .make(.signedIn))
            try await store.put(ScopeDefinition(.tokensRead, "See ‘tokens’"), audit: .make(.scopeAdded))
            try await store.record([
                Refusal.make(
                    cause: .insufficientScope, token: full.id, owner: owner.id, needed: [.tokensWrite],
                    held: .empty, since: fixtureInstant), .make(),
            ])
            try await store.record([TokenRequest.make(full), .make(full, status: 404)])
            try await store.noteRuns([
                JobRun(.pruneTokens, at: fixtureInstant, duration: .zero, rows: 3, complaint: "x")
            ])
            for claim in claims { _ = try await store.claim(claim, at: fixtureInstant) }
            try await store.complete(claims[1].key, by: claims[1].holder, with: answer)
            try await store.noteTokenPrefix(.personal, chosenAt: fixtureInstant)
            try await store.noteTokenPrefix(TokenPrefix("abc")!, chosenAt: nil)
            _ = try await store.installationSecret("mark", otherwise: RandomSource.system.bytes(32))
        }
    }

    @Test func copyHasEveryRowUnchanged() async throws {
        let source = try await Source(tokenCount: 3)
        let target = try await PostgresStore.make()
        let tables = try await DatabaseCopy(from: source.path, to: target.database).run()
        #expect(
            tables.map { "\($0.name) \($0.digest.rows)" } == [
                "account 2", "irregular_address 0", "scope 1", "session 1", "api_token 4", "refusal 2",
                "audit_event 6", "request 2", "freed_address 1", "claim 2", "installation_secret 1",
                "token_prefix 2", "job_run 1",
            ])
        #expect(try await target.tokenPrefixes().map(\.text) == ["tcp", "abc"])
        for (claim, outcome) in zip(source.claims, [ClaimOutcome.pending, .completed(source.answer)]) {
            let again = Claim.make(key: claim.key, fingerprint: claim.fingerprint)
            #expect(try await target.claim(again, at: fixtureInstant) == outcome)
        }
        for (token, digest) in source.tokens {
            let found = try await target.find(digest)
            #expect(found?.token == token)
            #expect(found?.owner == source.users.first { $0.id == token.owner })
        }
        for user in source.users {
            let login = try await target.userForLogin(user.email)
            #expect(login?.user == user)
            #expect(login?.passwordHash == "$\(user.id)$")
        }
        let session = try await target.session(source.sessionDigest)
        #expect(try await source.store.session(source.sessionDigest)?.session == session?.session)
        #expect(try await target.scopes() == source.store.scopes())
        #expect(
            try await target.refusals(.init(), limit: 9) == source.store.refusals(.init(), limit: 9))
        #expect(
            try await target.requests(.init(), limit: 9) == source.store.requests(.init(), limit: 9))
        #expect(
            try await target.events(concerning: nil, limit: 9)
                == source.store.events(concerning: nil, limit: 9))
        #expect(try await target.jobRuns() == source.store.jobRuns())
        #expect(
            try await target.installationSecret("mark", otherwise: [])
                == source.store.installationSecret("mark", otherwise: []))
        // New numbers follow the copied ones.
        try await target.record([TokenRequest.make(source.tokens[0].0)])
        #expect(try await target.requests(.init(), limit: 9).count == 3)
    }

    @Test func interruptedCopyContinues() async throws {
        let source = try await Source(tokenCount: 11_000)
        let url = try await PostgresStore.makeDatabase()
        let broken = try await PostgresStore.node(of: url)
        let interrupted = DatabaseCopy(from: source.path, to: broken.database) { progress in
            if case .copied(table: "api_token", rows: 5_000) = progress { broken.close() }
        }
        await #expect(throws: StoreError.self) { try await interrupted.run() }
        let target = try await PostgresStore.node(of: url)
        let copied = Mutex<[DatabaseCopy.Progress]>([])
        let tables = try await DatabaseCopy(from: source.path, to: target.database) { progress in
            copied.withLock { $0.append(progress) }
        }.run()
        #expect(tables.first { $0.name == "api_token" }?.digest.rows == 11_001)
        #expect(copied.withLock { $0.contains(.copied(table: "api_token", rows: 6_001)) })
        #expect(
            !copied.withLock { $0.contains { if case .copied("account", _) = $0 { true } else { false } } })
        #expect(try await target.find(source.tokens[11_000].1)?.token == source.tokens[11_000].0)
    }

    @Test func sourceThatChangedMeanwhileIsDetectedAndCopiedAgain() async throws {
        let source = try await Source(tokenCount: 6_000)
        let url = try await PostgresStore.makeDatabase()
        let broken = try await PostgresStore.node(of: url)
        let interrupted = DatabaseCopy(from: source.path, to: broken.database) { progress in
            if case .copied(table: "api_token", rows: 5_000) = progress { broken.close() }
        }
        await #expect(throws: StoreError.self) { try await interrupted.run() }
        for (token, _) in source.tokens.dropFirst().prefix(200) {
            _ = try await source.store.revoke(token.id, audit: .make(.tokenRevoked, at: now))
        }
        let target = try await PostgresStore.node(of: url)
        let copy = DatabaseCopy(from: source.path, to: target.database)
        let error = await #expect(throws: StoreError.self) { try await copy.run() }
        #expect(error?.sentence.contains("api_token differs: 6001 rows in the source, 6001") == true)
        _ = try await copy.run()
        for (token, digest) in source.tokens.dropFirst().prefix(200) {
            let found = try await target.find(digest)
            #expect(found?.token.id == token.id)
            #expect(found?.token.revokedAt == now)
        }
    }

    @Test func databaseOfAnotherInstallationIsRefused() async throws {
        let source = try await Source(tokenCount: 1)
        let target = try await PostgresStore.make()
        _ = try await target.installationSecret("mark", otherwise: [UInt8](repeating: 9, count: 32))
        let copy = DatabaseCopy(from: source.path, to: target.database)
        let error = await #expect(throws: StoreError.self) { try await copy.run() }
        #expect(error?.sentence == "The target holds an installation already; copy into an empty database.")
        #expect(try await target.users(after: nil, limit: 9).isEmpty)
    }

    @Test func targetOfACopyIsAnInstallation() async throws {
        let source = try await Source(tokenCount: 1)
        let target = try await PostgresStore.make()
        let copy = DatabaseCopy(from: source.path, to: target.database)
        _ = try await copy.run()
        await #expect(throws: StoreError.self) { try await copy.run() }
    }

    @Test func beginningOfAnotherCopyIsRefused() async throws {
        let url = try await PostgresStore.makeDatabase()
        let broken = try await PostgresStore.node(of: url)
        let sources = [try await Source(tokenCount: 1), try await Source(tokenCount: 1)]
        let first = DatabaseCopy(from: sources[0].path, to: broken.database) { _ in broken.close() }
        await #expect(throws: StoreError.self) { try await first.run() }
        let target = try await PostgresStore.node(of: url)
        let second = DatabaseCopy(from: sources[1].path, to: target.database)
        let error = await #expect(throws: StoreError.self) { try await second.run() }
        #expect(error?.sentence == "The target holds the beginning of a copy of another database.")
    }
}
