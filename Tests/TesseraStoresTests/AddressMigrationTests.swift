import TesseraCore
import TesseraPostgres
import TesseraSQLite
import TesseraTestKit
import Testing

@testable import TesseraStores

/// Accounts of a version in which addresses had no key.
@Suite struct AddressMigrationTests {
    /// The stored addresses, in the order of the accounts' creation.
    private static let stored = [
        "ember@example.com", "sm\u{E4}ug@example.com", "kee\u{200B}per@example.com", "keeper@example.com",
        // Two addresses that differ by case and normalization; neither is in the form of the key.
        "u\u{308}n\u{CF}@ex\u{E4}mple.de", "\u{DC}n\u{CF}@ex\u{E4}mple.de",
        // Two addresses; the younger one is in the form of the key.
        "stra\u{DF}e@x.de", "strasse@x.de",
        "cinder@xn--exmple-cua.de",
    ]

    /// A database of the earlier version with these accounts.
    private struct World {
        let store: any Store
        let users: [User.ID]
        let down: () async throws -> Void

        func id(_ typed: String) async throws -> Int? {
            guard let address = EmailAddress(of: typed) else { return nil }
            let found = try await store.user(email: address)?.id
            #expect(try await store.userForLogin(address)?.user.id == found)
            return found.flatMap { users.firstIndex(of: $0) }
        }
    }

    private func onSQLite() async throws -> World {
        let database = try SQLiteDatabase.inMemory()
        try await Migrator.tessera.up(database)
        try await Migrator.tessera.down(to: 61, database)
        let users = Self.stored.map { _ in User.make().id }
        try await database.write { connection in
            for (id, email) in zip(users, Self.stored) {
                try connection.execute(
                    "INSERT INTO user (id, email, username, password_hash, is_operator, created_at) VALUES (?, ?, '', '$hash$', 0, 1)",
                    [.identifier(id), .text(email)])
            }
        }
        try await Database.sqlite(database).migrate(evenIfTakenBack: true)
        return World(store: SQLiteStore(database: database), users: users) {
            try await Migrator.tessera.down(to: 61, database)
            try await Database.sqlite(database).migrate(evenIfTakenBack: true)
        }
    }

    private func onPostgres() async throws -> World {
        let store = try await PostgresStore.make()
        try await Migrator.tesseraOnPostgres.down(to: 6, store.database)
        let users = Self.stored.map { _ in User.make().id }
        let rows = zip(users, Self.stored).map { "('\($0)', '\($1)', '', '$hash$', false, now())" }
        try await PostgresServer.running().execute(
            "INSERT INTO account (id, email, username, password_hash, is_operator, created_at) VALUES \(rows.joined(separator: ","))",
            in: store.database.url.database)
        try await Database.postgres(store.database).migrate(evenIfTakenBack: true)
        return World(store: store, users: users) {
            try await Migrator.tesseraOnPostgres.down(to: 6, store.database)
            try await Database.postgres(store.database).migrate(evenIfTakenBack: true)
        }
    }

    @Test func accountsOnSQLiteGetTheirKeys() async throws { try await check(try await onSQLite()) }

    @Test func accountsOnPostgresGetTheirKeys() async throws { try await check(try await onPostgres()) }

    private func check(_ world: World) async throws {
        try await checkSettled(world)
        // Again, through the earlier schema.
        try await world.down()
        try await checkSettled(world)
        try await world.store.settleAddresses()
        try await checkSettled(world)
        try await checkThatNoOtherAccountTakesAKey(world)
    }

    private func checkSettled(_ world: World) async throws {
        let spellings: [(String, Int?)] = [
            ("EMBER@example.com", 0), ("SMÄUG@example.com", 1), ("sma\u{308}ug@example.com", 1),
            // Exactly the stored spelling finds the account, and no other.
            ("kee\u{200B}per@example.com", 2), ("keeper@example.com", 3), ("kee\u{200C}per@example.com", nil),
            // The older account has the key.
            ("\u{DC}N\u{CF}@exämple.de", 5), ("ünï@exämple.de", 4), ("u\u{308}n\u{CF}@exämple.de", 4),
            ("ünï@xn--exmple-cua.de", 4),
            // The account whose address was in the form of the key has it.
            ("strasse@x.de", 7), ("STRASSE@x.de", 7), ("straße@x.de", 6), ("STRAẞE@x.de", 7),
            ("Cinder@EXÄMPLE.de", 8), ("cinder@xn--exmple-cua.de", 8),
        ]
        for (typed, expected) in spellings { #expect(try await world.id(typed) == expected, "\(typed)") }
        let irregular = try await world.store.irregularAddresses(limit: 99)
        #expect(irregular.map(\.user) == [world.users[2], world.users[5], world.users[6]])
        #expect(irregular.map(\.holder) == [nil, world.users[4], world.users[7]])
        #expect(irregular.map(\.key) == [nil, "ünï@exämple.de", "strasse@x.de"])
        #expect(irregular[0].sentence.contains("kee\\u{200B}per@example.com"))
        #expect(irregular[1].sentence.contains("\(world.users[5])"))
        #expect(irregular[1].sentence.contains("\(world.users[4])"))
        // No account was merged, and each can be read.
        #expect(try await world.store.users(after: nil, limit: 99).map(\.id) == world.users)
    }

    private func checkThatNoOtherAccountTakesAKey(_ world: World) async throws {
        let store = world.store
        _ = try await store.remove(world.users[4], audit: .make())
        #expect(
            try await store.add(.make(email: "ÜNÏ@exämple.de"), passwordHash: "", audit: .make()) == false)
        // An account that changes its address gets a key like every other.
        var user = try #require(try await store.user(world.users[5]))
        user.email = try #require(EmailAddress("ünï@exämple.de"))
        #expect(try await store.update(user, audit: .make()))
        #expect(try await world.id("U\u{308}NI\u{308}@exämple.de") == 5)
        #expect(
            try await store.irregularAddresses(limit: 99).map(\.user) == [world.users[2], world.users[6]])
    }

    @Test func addressThatAnOlderNodeChangesIsSettledAgain() async throws {
        let world = try await onPostgres()
        let store = try #require(world.store as? PostgresStore)
        try await PostgresServer.running().execute(
            "UPDATE account SET email = 'w\u{E4}rme@x.de' WHERE id = '\(world.users[6])'",
            in: store.database.url.database)
        #expect(try await store.irregularAddresses(limit: 99).count == 2)
        #expect(try await store.user(world.users[6])?.email.text == "wärme@x.de")
        try await store.settleAddresses()
        #expect(try await world.id("WÄRME@x.de") == 6)
    }

    @Test func copyCarriesSpellingsAndReports() async throws {
        let directory = try TemporaryDirectory()
        let source = try await SQLiteStore.open(path: directory.path("t.db"), migrate: true)
        try await Migrator.tessera.down(to: 61, source.database)
        let users = Self.stored.map { _ in User.make().id }
        try await source.database.write { connection in
            for (id, email) in zip(users, Self.stored) {
                try connection.execute(
                    "INSERT INTO user (id, email, username, password_hash, is_operator, created_at) VALUES (?, ?, '', '$hash$', 0, 1)",
                    [.identifier(id), .text(email)])
            }
        }
        try await Database.sqlite(source.database).migrate(evenIfTakenBack: true)
        let before = try await source.users(after: nil, limit: 99)
        let irregular = try await source.irregularAddresses(limit: 99)
        source.close()
        let target = try await PostgresStore.make()
        _ = try await DatabaseCopy(from: directory.path("t.db"), to: target.database).run()
        let after = try await target.users(after: nil, limit: 99)
        #expect(after.map(\.email.text) == before.map(\.email.text))
        #expect(after == before)
        #expect(try await target.irregularAddresses(limit: 99) == irregular)
    }
}
