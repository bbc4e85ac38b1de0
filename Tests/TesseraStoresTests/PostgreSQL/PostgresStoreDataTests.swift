import TesseraCore
import TesseraCrypto
import TesseraDatabase
import TesseraTestKit
import TesseraTime
import Testing

@testable import TesseraPostgres
@testable import TesseraStores

/// The rows of the tables, and the notifications of changes.
@Suite struct PostgresStoreDataTests {
    @Test func storeThatWaitsForMigrationsIsNotReadyAndNamesThem() async throws {
        let url = try await PostgresServer.running().makeDatabase()
        let error = await #expect(throws: StoreError.self) {
            try await PostgresStore.open(url, migrate: false)
        }
        #expect(error?.code == .notMigrated)
        let names = Migrator.tesseraOnPostgres.migrations.map { "\($0.version) (\($0.name))" }
        #expect(names.starts(with: ["1 (accounts)", "2 (tokens)"]))
        #expect(error?.sentence == "The database waits for migrations: \(names.joined(separator: ", ")).")
    }

    @Test func everyMigrationCanBeReverted() async throws {
        let store = try await PostgresStore.make()
        let count = Migrator.tesseraOnPostgres.migrations.count
        #expect(try await Migrator.tesseraOnPostgres.down(to: 0, store.database).count == count)
        let left = try await PostgresServer.running().execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace",
            in: store.database.url.database)
        // The table of migrations, the table of reverted sets, and their indexes.
        #expect(left == "4\n")
        let back = try await Migrator.tesseraOnPostgres.up(store.database, evenIfTakenBack: true)
        #expect(back.count == count)
    }

    @Test(arguments: [
        "UPDATE api_token SET scopes = '{\"a b\"}'", "UPDATE api_token SET scopes = '{\"\"}'",
        "UPDATE api_token SET kind = 'future'", "UPDATE api_token SET name = ' '",
        "UPDATE api_token SET metadata = '{\"a\":1}'", "UPDATE account SET email = 'nowhere'",
    ])
    func undecodableRowIsAnError(_ edit: String) async throws {
        let store = try await PostgresStore.make()
        let user = User.make()
        let digest = TokenDigest.make()
        _ = try await store.add(user, passwordHash: "", audit: .make())
        _ = try await store.insert(.make(owner: user), digest: digest, audit: nil)
        try await PostgresServer.running().execute(edit, in: store.database.url.database)
        let error = await #expect(throws: StoreError.self) { try await store.find(digest) }
        #expect(error?.code == .corrupt)
    }

    @Test func changeOfMissingRowsDoesNotUndoOtherChanges() async throws {
        let store = try await PostgresStore.make()
        let user = User.make()
        _ = try await store.add(user, passwordHash: "", audit: .make())
        // The changes share transactions.
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let owner = number % 4 == 0 ? User.make() : user
                    let token = AccessToken.make(owner: owner)
                    do { return try await store.insert(token, digest: .make(), audit: nil) } catch {
                        return false
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count(where: \.self) == 30)
        #expect(try await store.tokens(of: user.id, before: nil, limit: 99).count == 30)
    }

    @Test func searchForAnImpossibleTextFindsNoUser() async throws {
        let store = try await PostgresStore.make()
        _ = try await store.add(.make(), passwordHash: "", audit: .make())
        #expect(try await store.users(matching: "a\0", after: nil, limit: 9).isEmpty)
    }

    @Test func bulkInsertSkipsTakenDigests() async throws {
        let store = try await PostgresStore.make()
        let user = User.make()
        _ = try await store.add(user, passwordHash: "", audit: .make())
        let metadata = try TokenMetadata(["team": "blue"])
        let tokens = [
            (AccessToken.make(owner: user, scope: .empty, metadata: metadata), TokenDigest.make()),
            (.make(owner: user, scope: [.tokensRead, .tokensWrite], lastUsedFrom: .local), .make()),
            (.make(owner: user, expiresAt: nil, suspendedAt: fixtureInstant), .make()),
        ]
        try await store.insertTokensInBulk(tokens)
        try await store.insertTokensInBulk(tokens)
        #expect(try await store.tokens(of: nil, before: nil, limit: 9) == tokens.map(\.0).reversed())
        #expect(try await store.find(tokens[1].1)?.token == tokens[1].0)
    }

    @Test func sampleEstimatesTheDeadTokens() async throws {
        let store = try await PostgresStore.make()
        let user = User.make()
        _ = try await store.add(user, passwordHash: "", audit: .make())
        try await store.insertTokensInBulk(
            (0..<4_000).map { index in
                (
                    .make(
                        owner: user, expiresAt: index % 4 == 0 ? fixtureInstant : nil,
                        revokedAt: index % 8 == 0 ? fixtureInstant : nil),
                    .make()
                )
            })
        let counted = try await store.census(at: fixtureInstant).rows.first { $0.table == .tokens }
        #expect(counted == .init(.tokens, live: 3_000, dead: 1_000))
        let estimate = try await store.estimateTokens(4_000, sampleSize: 2_000, at: fixtureInstant)
        #expect(!estimate.isExact)
        #expect(estimate.live + estimate.dead == 4_000)
        #expect((900...1_100).contains(estimate.dead))
        let none = try await PostgresStore.make().estimateTokens(0, at: fixtureInstant)
        #expect(none == .init(.tokens, live: 0, dead: 0, isExact: false))
    }

    // MARK: Notifications

    /// A change, and its notification.
    private struct Told: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (PostgresStore, Stock) async throws -> Void
        let payload: @Sendable (Stock) -> String?

        init(
            _ description: String,
            _ change: @escaping @Sendable (PostgresStore, Stock) async throws -> Void,
            _ payload: @escaping @Sendable (Stock) -> String?
        ) {
            testDescription = description
            self.change = change
            self.payload = payload
        }
    }

    /// The rows before the change.
    private struct Stock: Sendable {
        let user = User.make()
        let token: AccessToken
        let digest = TokenDigest.make()

        init() { token = .make(owner: user) }

        var ofToken: String {
            "t:" + digest.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        var ofAccount: String { "u:\(user.id)" }
    }

    private static let changes = [
        Told("revoke", { _ = try await $0.revoke($1.token.id, audit: .make()) }, \.ofToken),
        Told(
            "revoke what is not there",
            { store, stock in
                _ = try await store.revoke(AccessToken.make(owner: stock.user).id, audit: .make())
            }, { _ in nil }),
        Told("revoke all", { _ = try await $0.revokeTokens(of: $1.user.id, audit: .make()) }, \.ofAccount),
        Told(
            "revoke all tokens of an owner without tokens",
            { store, _ in _ = try await store.revokeTokens(of: User.make().id, audit: .make()) },
            { _ in nil }),
        Told("change", { _ = try await $0.change($1.token.id, TokenChange(), audit: .make()) }, \.ofToken),
        Told(
            "rotate",
            { store, stock in
                let successor = AccessToken.make(owner: stock.user, replaces: stock.token.id)
                _ = try await store.rotate(
                    to: successor, digest: .make(), endingOldAt: fixtureInstant, audit: .make())
            }, \.ofToken),
        Told("update", { _ = try await $0.update($1.user, audit: .make()) }, \.ofAccount),
        Told(
            "disable", { _ = try await $0.setDisabled(true, user: $1.user.id, audit: .make()) }, \.ofAccount),
        Told(
            "enable", { _ = try await $0.setDisabled(false, user: $1.user.id, audit: .make()) }, \.ofAccount),
        Told("remove", { _ = try await $0.remove($1.user.id, audit: .make()) }, \.ofAccount),
        Told(
            "change a password and revoke",
            { store, stock in
                _ = try await store.changePassword(
                    PasswordChange(
                        user: stock.user.id, hash: "", endedSessions: .all, audit: .make(),
                        revocation: .make(.tokenRevoked)))
            }, \.ofAccount),
        Told(
            "change a password alone",
            { store, stock in
                _ = try await store.changePassword(
                    PasswordChange(
                        user: stock.user.id, hash: "", endedSessions: .all, audit: .make(), revocation: nil))
            }, { _ in nil }),
        Told(
            "put a scope",
            { store, _ in
                try await store.put(ScopeDefinition(.tokensRead, "Read"), audit: .make())
            }, { _ in "s:" }),
        Told(
            "remove a scope that is not there",
            { store, _ in _ = try await store.removeScope(.tokensRead, audit: .make()) }, { _ in nil }),
        Told(
            "issue",
            { store, stock in
                _ = try await store.insert(.make(owner: stock.user), digest: .make(), audit: nil)
            }, { _ in nil }),
        Told(
            "note a use",
            { store, stock in
                try await store.noteUses([stock.token.id: TokenUse(at: fixtureInstant)])
            }, { _ in nil }),
    ]

    @Test(arguments: changes)
    private func changeThatOthersMustSeeIsNotified(_ told: Told) async throws {
        let store = try await PostgresStore.make()
        let stock = Stock()
        _ = try await store.add(stock.user, passwordHash: "", audit: .make())
        _ = try await store.insert(stock.token, digest: stock.digest, audit: nil)
        let heard = try await store.database.session { connection in
            try connection.runScript("LISTEN \(SQLText.channel)")
            return connection
        }
        try await told.change(store, stock)
        try heard.runScript("SELECT 1")
        #expect(heard.takeNotifications().map(\.payload) == (told.payload(stock).map { [$0] } ?? []))
    }
}
