import TesseraCore
import TesseraCrypto
import TesseraTestKit
import TesseraTime
import Testing

@testable import TesseraStores

/// Tokens that were stored when every token had a person.
@Suite struct SubjectMigrationTests {
    private static let secret = TokenFormat().draw(.personal, from: .system)
    private static let user = User.make(username: "ember")
    private static let token = AccessToken.make(owner: user, scope: [.tokensRead])

    /// The schema of the version before, made by the migrations that it knew.
    private static func schema(of migrator: Migrator, upTo version: Int) -> Migrator {
        Migrator(set: migrator.set, migrations: migrator.migrations.filter { $0.version <= version })
    }

    /// The rows as the version before stored them.
    private static func fillSQLite(_ database: SQLiteDatabase) async throws {
        try await database.write { connection in
            try connection.execute(
                "INSERT INTO user (id, email, username, password_hash, is_operator, created_at) VALUES (?, ?, 'ember', '$hash$', 0, ?)",
                [.identifier(user.id), .text(user.email.key), .instant(user.createdAt)])
            let key = secret.digest.withUnsafeBytes { Int64(bigEndian: $0.loadUnaligned(as: Int64.self)) }
            try connection.execute(
                """
                INSERT INTO api_token (key, digest, id, user_number, kind, name, scopes, last_four, created_at, expires_at)
                VALUES (?, ?, ?, (SELECT number FROM user), 'personal', 'Laptop', '["tokens:read"]', 'wxyz', ?, ?)
                """,
                [
                    .integer(key), .digest(secret.digest), .identifier(token.id), .instant(token.createdAt),
                    .instant(token.expiresAt),
                ])
        }
    }

    /// Checks the token from before, and that tokens of clients can be stored beside it.
    private func check(_ store: any Store) async throws -> String {
        let catalogue = ScopeCatalogue(store: store, identifiers: IdentifierSource(random: .system))
        try await catalogue.ensure(ScopeDefinition.builtIn, at: fixtureInstant)
        let cache = TokenCache(capacity: 16)
        store.observeChanges(includesForeign: false) { cache.forget($0) }
        let checker = TokenChecker(
            format: TokenFormat(), store: store, catalogue: catalogue, cache: cache,
            uses: TokenUseLog(cache: cache))
        // Looked up, and then found in the cache.
        for _ in 1...2 {
            guard
                case .accepted(let verified) = try await checker.check(
                    Self.secret.plainText, for: [.tokensRead], at: fixtureInstant)
            else {
                Issue.record("the token from before is refused")
                return ""
            }
            #expect(verified.owner == Self.user)
            #expect(verified.client == nil && verified.grant == nil)
        }
        #expect(try await store.token(Self.token.id) == Self.token)
        let client: Client.ID = fixtureIdentifiers.next(at: fixtureInstant)
        let new = TokenFormat().draw(.oauthAccess, from: .system)
        #expect(try await store.insert(.make(of: client), digest: new.digest, audit: nil))
        guard case .accepted(let verified) = try await checker.check(new.plainText, at: fixtureInstant) else {
            Issue.record("the token of a client is refused")
            return ""
        }
        #expect(verified.subject == .client(client))
        #expect(verified.client == client)
        return new.plainText
    }

    private func expectTokenOfBefore(_ store: any Store, without client: String) async throws {
        #expect(try await store.find(Self.secret.digest)?.token == Self.token)
        #expect(try await store.find(SHA256.digest(of: client)) == nil)
        let outcome = try await store.revoke(Self.token.id, audit: .make())
        #expect(outcome == .revoked(Self.secret.digest))
    }

    @Test func tokensInAFileFromBeforeWork() async throws {
        let directory = try TemporaryDirectory()
        let database = try SQLiteDatabase(path: directory.path("t.db"))
        try await Self.schema(of: .tessera, upTo: 74).up(database)
        try await Self.fillSQLite(database)
        func schemaText() throws -> [String] {
            try database.readPresent { connection in
                try connection.query("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name") {
                    row in try row.text(0)
                }
            }
        }
        let before = try schemaText()
        // Another process that has read the schema already.
        let other = SQLiteStore(database: try SQLiteDatabase(path: directory.path("t.db")))
        #expect(try await other.users(after: nil, limit: 9).count == 1)

        try await Migrator.tessera.up(database)
        let client = try await check(SQLiteStore(database: database))
        _ = try await check(other)
        let problems = try database.readPresent { connection in
            try connection.query("PRAGMA integrity_check") { row in try row.text(0) }
                + connection.query("PRAGMA foreign_key_check") { row in try row.text(0) }
        }
        #expect(problems == ["ok"])
        // Statements of no other migration may touch the schema.
        await #expect(throws: StoreError.self) {
            try await database.write { connection in
                try connection.executeScript(
                    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = sql WHERE name = 'request'")
            }
        }

        try await Migrator.tessera.down(to: 74, database)
        #expect(try schemaText().filter { !$0.contains("schema_hold") } == before)
        try await Migrator.tessera.up(database, evenIfTakenBack: true)
        try await expectTokenOfBefore(SQLiteStore(database: database), without: client)
    }

    @Test func tokensInPostgresFromBeforeWork() async throws {
        let store = try await PostgresStore.make()
        defer { store.close() }
        try await Migrator.tesseraOnPostgres.down(to: 0, store.database)
        try await Self.schema(of: .tesseraOnPostgres, upTo: 11).up(store.database, evenIfTakenBack: true)
        let server = try await PostgresServer.running()
        let (user, token) = (Self.user, Self.token)
        let digest = Self.secret.digest.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        try await server.execute(
            """
            INSERT INTO account (id, email, username, password_hash, is_operator, created_at)
            VALUES ('\(user.id)', '\(user.email.key)', 'ember', '$hash$', false, '\(user.createdAt.rfc3339)');
            INSERT INTO api_token (digest, id, account_id, kind, name, scopes, last_four, created_at, expires_at)
            VALUES ('\\x\(digest)', '\(token.id)', '\(user.id)', 'personal', 'Laptop', '{tokens:read}', 'wxyz',
                '\(token.createdAt.rfc3339)', '\(token.expiresAt?.rfc3339 ?? "")')
            """, in: store.database.url.database)
        try await Migrator.tesseraOnPostgres.up(store.database)
        let client = try await check(store)
        try await Migrator.tesseraOnPostgres.down(to: 11, store.database)
        try await Migrator.tesseraOnPostgres.up(store.database, evenIfTakenBack: true)
        try await expectTokenOfBefore(store, without: client)
    }
}
