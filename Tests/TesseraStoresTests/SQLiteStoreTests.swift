import TesseraCore
import TesseraCrypto
import TesseraSQLite
import TesseraStores
import TesseraTestKit
import Testing

@Suite struct SQLiteStoreTests {
    @Test func storeThatWaitsForMigrationsIsNotReadyAndNamesThem() async throws {
        let error = await #expect(throws: StoreError.self) {
            try await SQLiteStore.open(.sqliteInMemory, migrate: false)
        }
        #expect(error?.code == .notMigrated)
        #expect(
            error?.sentence.hasPrefix(
                "The database waits for migrations: 1 (accounts), 2 (tokens), 3 (records)") == true)
    }

    @Test func databaseOfANewerVersionIsNotOpened() async throws {
        let store = try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        try await store.database.write {
            try $0.execute(
                "INSERT INTO schema_migration (set_name, version, name, checksum, applied_at) VALUES ('tessera', 9999, 'future', x'00', 0)"
            )
        }
        let error = await #expect(throws: StoreError.self) { try await store.checkReadiness() }
        #expect(error?.code == .notMigrated)
    }

    @Test func changeInAnotherProcessReachesLookUps() async throws {
        let directory = try TemporaryDirectory()
        let here = try await SQLiteStore.open(path: directory.path("t.db"), migrate: true)
        let there = try await SQLiteStore.open(path: directory.path("t.db"), migrate: true)
        let user = User.make()
        let token = AccessToken.make(owner: user)
        let digest = TokenDigest.make()
        _ = try await here.add(user, passwordHash: "", audit: .make())
        _ = try await here.insert(token, digest: digest, audit: nil)
        #expect(try await here.find(digest)?.token == token)
        let (changes, change) = AsyncStream.makeStream(of: Void.self)
        here.observeChanges(includesForeign: true) { _ in change.yield() }
        #expect(try await there.revoke(token.id, audit: .make()) == .revoked(digest))
        var iterator = changes.makeAsyncIterator()
        await iterator.next()
        #expect(try await here.find(digest)?.token.revokedAt == fixtureInstant)
    }

    @Test func aRecallEndsTheSnapshotOfEveryReader() async throws {
        let directory = try TemporaryDirectory()
        let there = try await SQLiteStore.open(path: directory.path("t.db"), migrate: true)
        let database = try SQLiteDatabase(
            path: directory.path("t.db"), options: .init(readerCount: 2, doubtfulAge: .seconds(3_600)))
        let here = SQLiteStore(database: database)
        func revocations(_ connection: SQLiteConnection) throws -> Int64? {
            try connection.first("SELECT count(revoked_at) FROM api_token") { try $0.integer(0) }
        }
        // A look-up inside a look-up uses the other reader.
        func seenByBoth() throws -> [Int64?]? {
            try database.find { connection in
                [try revocations(connection), try database.find(revocations)]
            }
        }
        let user = User.make()
        _ = try await there.add(user, passwordHash: "", audit: .make())
        for number in 1...20 {
            let token = AccessToken.make(owner: user)
            let digest = TokenDigest.make()
            _ = try await there.insert(token, digest: digest, audit: nil)
            _ = try seenByBoth()
            #expect(try await there.revoke(token.id, audit: .make()) == .revoked(digest))
            #expect(try await here.recall(token.id, of: user.id) == digest)
            #expect(try seenByBoth() == [Int64(number), Int64(number)])
        }
        here.close()
        there.close()
    }

    @Test func nextReadSeesTheChangesOfAnotherProcess() async throws {
        let directory = try TemporaryDirectory()
        let here = try await SQLiteStore.open(path: directory.path("t.db"), migrate: true)
        let there = try await SQLiteStore.open(path: directory.path("t.db"), migrate: true)
        // Each look-up also runs before the change, so that the reader holds a snapshot from before it. It runs several
        // times, because an idle reader may release its snapshot.
        for number in 0..<10 {
            let user = User.make()
            #expect(try await here.userForLogin(user.email) == nil)
            _ = try await there.add(user, passwordHash: "$old$", audit: .make())
            #expect(try await here.userForLogin(user.email)?.passwordHash == "$old$")

            let change = PasswordChange(
                user: user.id, hash: "$new$", endedSessions: .all, audit: .make(), revocation: nil)
            _ = try await there.changePassword(change)
            #expect(try await here.userForLogin(user.email)?.passwordHash == "$new$")

            let session = Session.make(user: user)
            let cookie = SHA256Digest.make()
            #expect(try await here.session(cookie) == nil)
            try await there.start(session, digest: cookie, audit: .make())
            #expect(try await here.session(cookie)?.session == session)
            #expect(try await here.sessions(of: user.id, limit: 9) == [session])

            let token = AccessToken.make(owner: user)
            #expect(try await here.token(token.id) == nil)
            _ = try await there.insert(token, digest: .make(), audit: nil)
            #expect(try await here.token(token.id) == token)
            #expect(try await here.tokens(of: user.id, before: nil, limit: 9) == [token])

            let scope = try #require(ScopeToken("scope\(number)"))
            #expect(try await here.scopes().contains { $0.name == scope } == false)
            try await there.put(ScopeDefinition(scope, ""), audit: .make())
            #expect(try await here.scopes().contains { $0.name == scope })

            _ = try await there.setDisabled(true, user: user.id, audit: .make())
            #expect(try await here.session(cookie) == nil)
            #expect(try await here.user(user.id)?.isActive == false)
            _ = try await there.remove(user.id, audit: .make())
            #expect(try await here.user(user.id) == nil)
        }
    }

    @Test func editOfAUserBySQLReachesLookUps() async throws {
        let store = try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        let user = User.make(isOperator: true)
        let digest = TokenDigest.make()
        _ = try await store.add(user, passwordHash: "", audit: .make())
        _ = try await store.insert(.make(owner: user), digest: digest, audit: nil)
        #expect(try await store.find(digest)?.owner?.isOperator == true)
        try await store.database.write { try $0.execute("UPDATE user SET is_operator = 0") }
        #expect(try await store.find(digest)?.owner?.isOperator == false)
    }

    /// Between changes, an owner is looked up once for all their tokens. Each change begins a new state.
    @Test func ownerIsTheSameForAllTokensUntilSomethingChanges() async throws {
        let directory = try TemporaryDirectory()
        let store = try await SQLiteStore.open(path: directory.path("t.db"), migrate: true)
        var users = [User.make(), User.make()]
        var digests: [TokenDigest: Int] = [:]
        for (place, user) in users.enumerated() {
            _ = try await store.add(user, passwordHash: "", audit: .make())
            for _ in 1...3 {
                let digest = TokenDigest.make()
                digests[digest] = place
                _ = try await store.insert(.make(owner: user), digest: digest, audit: nil)
            }
        }
        func expectOwners() throws {
            for (digest, place) in digests {
                guard case .found(let token) = try store.findImmediately(digest) else {
                    Issue.record("not found")
                    continue
                }
                #expect(token.principal == .user(users[place]))
            }
        }
        try expectOwners()
        for round in 1...3 {
            users[round % 2].username = "Name \(round)"
            #expect(try await store.update(users[round % 2], audit: .make()))
            try expectOwners()
            try expectOwners()
        }
    }

    @Test(arguments: [
        "UPDATE api_token SET scopes = '[ \"a\"]'", "UPDATE api_token SET scopes = '[\"b\",\"a\"]'",
        "UPDATE api_token SET scopes = '[\"a\",\"a\"]'", "UPDATE api_token SET scopes = '[\"a\",]'",
        "UPDATE api_token SET scopes = '[\"\"]'", "UPDATE api_token SET scopes = '[1]'",
        "UPDATE api_token SET kind = 'future'", "UPDATE api_token SET name = ' '",
        "UPDATE user SET email = 'nowhere'",
    ])
    func undecodableRowIsAnError(_ edit: String) async throws {
        let store = try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        let user = User.make()
        let digest = TokenDigest.make()
        _ = try await store.add(user, passwordHash: "", audit: .make())
        _ = try await store.insert(.make(owner: user), digest: digest, audit: nil)
        try await store.database.write { try $0.execute(edit) }
        let error = await #expect(throws: StoreError.self) { try await store.find(digest) }
        #expect(error?.code == .corrupt)
    }

    @Test func digestsThatAgreeInTheirFirstEightBytesAreOneKey() async throws {
        let store = try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        let user = User.make()
        let digest = TokenDigest.make()
        var bytes = digest.bytes
        bytes[31] ^= 1
        let near = try #require(TokenDigest(bytes: bytes))
        _ = try await store.add(user, passwordHash: "", audit: .make())
        #expect(try await store.insert(.make(owner: user), digest: digest, audit: nil))
        #expect(try await store.insert(.make(owner: user), digest: near, audit: nil) == false)
        #expect(try await store.find(near) == nil)
    }

    @Test func bulkInsertSkipsTakenDigests() async throws {
        let store = try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        let user = User.make()
        _ = try await store.add(user, passwordHash: "", audit: .make())
        let tokens = (0..<3).map { _ in (AccessToken.make(owner: user), TokenDigest.make()) }
        try await store.insertTokensInBulk(tokens)
        try await store.insertTokensInBulk(tokens)
        #expect(try await store.tokens(of: nil, before: nil, limit: 9) == tokens.map(\.0).reversed())
        #expect(try await store.find(tokens[1].1)?.token == tokens[1].0)
    }
}
