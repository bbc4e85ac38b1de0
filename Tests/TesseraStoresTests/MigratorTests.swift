import TesseraCore
import TesseraSQLite
import TesseraStores
import TesseraTestKit
import Testing

@Suite struct MigratorTests {
    private static let first = Migration(
        version: 1, name: "notes", up: "CREATE TABLE note (number INTEGER) STRICT;", down: "DROP TABLE note;")
    private static let second = Migration(
        version: 2, name: "labels",
        up: "CREATE TABLE label (text TEXT) STRICT; INSERT INTO label VALUES ('a');",
        down: "DROP TABLE label;")
    private let one = Migrator(set: "notes", migrations: [first])
    private let two = Migrator(set: "notes", migrations: [first, second])

    private func tables(_ database: SQLiteDatabase) throws -> [String] {
        try database.read {
            try $0.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") {
                try $0.text(0)
            }
        }
    }

    @Test func pendingMigrationsAreAppliedOnce() async throws {
        let database = try SQLiteDatabase.inMemory()
        #expect(try two.status(database).map(\.isApplied) == [false, false])
        #expect(try await one.up(database).map(\.version) == [1])
        #expect(try two.status(database).map(\.isApplied) == [true, false])
        #expect(try await two.up(database).map(\.name) == ["labels"])
        #expect(try await two.up(database).isEmpty)
        #expect(try tables(database) == ["label", "note", "schema_migration"])
    }

    @Test func migrationsAreRevertedNewestFirst() async throws {
        let database = try SQLiteDatabase.inMemory()
        try await two.up(database)
        #expect(try await two.down(to: 1, database).map(\.version) == [2])
        #expect(try tables(database) == ["note", "schema_hold", "schema_migration"])
        #expect(try await two.down(to: 0, database).map(\.version) == [1])
        #expect(try await two.down(to: 0, database).isEmpty)
        #expect(try await two.up(database, evenIfTakenBack: true).count == 2)
    }

    @Test func revertedMigrationIsAppliedAgainOnlyOnRequest() async throws {
        let database = try SQLiteDatabase.inMemory()
        let other = Migrator(
            set: "other",
            migrations: [Migration(version: 1, name: "x", up: "CREATE TABLE x (y);", down: "DROP TABLE x;")])
        try await one.up(database)
        try await two.up(database)
        #expect(try await two.down(to: 2, database).isEmpty)
        #expect(try await two.up(database).isEmpty)
        try await two.down(to: 1, database)
        for _ in 0..<2 {
            let error = await #expect(throws: StoreError.self) { try await two.up(database) }
            #expect(error?.code == .notMigrated)
            #expect(error?.sentence.contains("2 (labels)") == true)
            #expect(error?.sentence.contains("taken back") == true)
        }
        #expect(try two.status(database).map(\.isApplied) == [true, false])
        // A program that does not know it continues to work, and another set is not affected.
        #expect(try await one.up(database).isEmpty)
        #expect(try await other.up(database).count == 1)
        #expect(try await two.up(database, evenIfTakenBack: true).map(\.version) == [2])
        // From then on, migrations are applied automatically again.
        let three = Migrator(
            set: "notes",
            migrations: [
                Self.first, Self.second,
                Migration(version: 3, name: "more", up: "CREATE TABLE more (z);", down: "DROP TABLE more;"),
            ])
        #expect(try await three.up(database).map(\.version) == [3])
    }

    @Test func schemaOfTesseraGoesDownAndUpAgain() async throws {
        let database = try SQLiteDatabase.inMemory()
        try await Migrator.tessera.up(database)
        let made = try tables(database)
        try await Migrator.tessera.down(to: 0, database)
        #expect(try tables(database) == ["schema_hold", "schema_migration"])
        try await Migrator.tessera.up(database, evenIfTakenBack: true)
        #expect(try tables(database) == (made + ["schema_hold"]).sorted())
    }

    @Test func earlierSessionsAreAuthenticatedAtTheirStart() async throws {
        let database = try SQLiteDatabase.inMemory()
        try await Migrator.tessera.up(database)
        try await Migrator.tessera.down(to: 40, database)
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO user (id, email, username, password_hash, is_operator, created_at)
                VALUES (zeroblob(16), 'a@b.example', 'a', '$hash$', 0, 1)
                """)
            try connection.execute(
                """
                INSERT INTO session (
                    digest, id, user_number, started_at, last_seen_at, expires_at, user_agent, address)
                SELECT zeroblob(32), zeroblob(16), number, 1234, 5678, 9012, '', '' FROM user
                """)
        }
        try await Migrator.tessera.up(database, evenIfTakenBack: true)
        let proved = try database.read {
            try $0.query("SELECT authenticated_at FROM session") { try $0.integer(0) }
        }
        #expect(proved == [1234])
    }

    @Test func earlierTokensHaveTheDefaultPrefix() async throws {
        let store = try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        let user = User.make()
        _ = try await store.add(user, passwordHash: "", audit: .make(.userAdded))
        _ = try await store.insert(.make(owner: user), digest: .make(), audit: nil)
        try await Migrator.tessera.down(to: 61, store.database)
        try await Migrator.tessera.up(store.database, evenIfTakenBack: true)
        #expect(try await store.tokenPrefixes() == [.personal])
    }

    @Test func setsAreIndependent() async throws {
        let database = try SQLiteDatabase.inMemory()
        try await Migrator.tessera.up(database)
        try await two.up(database)
        try await Migrator.tessera.down(to: 0, database)
        #expect(try two.status(database).map(\.isApplied) == [true, true])
    }

    @Test func editedMigrationIsNamed() async throws {
        let database = try SQLiteDatabase.inMemory()
        try await one.up(database)
        let edited = Migrator(
            set: "notes",
            migrations: [Migration(version: 1, name: "notes", up: "CREATE TABLE note (n INTEGER);", down: "")]
        )
        let error = await #expect(throws: StoreError.self) { try await edited.up(database) }
        #expect(error?.code == .notMigrated)
        #expect(error?.sentence == "Migration 1 (notes) of notes was edited after it was applied.")
    }

    @Test func databaseOfANewerVersionIsRefused() async throws {
        let database = try SQLiteDatabase.inMemory()
        try await two.up(database)
        let up = await #expect(throws: StoreError.self) { try await one.up(database) }
        #expect(up?.code == .notMigrated)
        #expect(up?.sentence.contains("made by a newer version: it has migration 2 (labels)") == true)
        let down = await #expect(throws: StoreError.self) { try await one.down(to: 0, database) }
        #expect(down?.code == .notMigrated)
    }

    /// A migration of a newer version that only adds.
    private static let added = Migration(
        version: 2, name: "colours", requires: 1, up: "ALTER TABLE note ADD COLUMN colour TEXT;",
        down: "ALTER TABLE note DROP COLUMN colour;")

    @Test func additionsOfANewerVersionAreAccepted() async throws {
        let database = try SQLiteDatabase.inMemory()
        let newer = Migrator(set: "notes", migrations: [Self.first, Self.added])
        try await newer.up(database)
        let statuses = try one.status(database)
        #expect(statuses.map(\.version) == [1, 2])
        #expect(statuses.map(\.isApplied) == [true, true])
        #expect(statuses.map(\.isKnown) == [true, false])
        #expect(try await one.up(database).isEmpty)
        let down = await #expect(throws: StoreError.self) { try await one.down(to: 0, database) }
        #expect(
            down?.sentence
                == "Migration 2 (colours) of notes was made by a newer version, which alone can take it back."
        )
        #expect(try await newer.down(to: 1, database).map(\.version) == [2])
    }

    @Test func unknownRequirementIsRefused() async throws {
        let database = try SQLiteDatabase.inMemory()
        let third = Migration(version: 3, name: "more", requires: 2, up: "SELECT 1", down: "SELECT 1")
        try await Migrator(set: "notes", migrations: [Self.first, Self.added, third]).up(database)
        let error = #expect(throws: StoreError.self) { try one.status(database) }
        #expect(error?.code == .notMigrated)
        #expect(error?.sentence.hasSuffix("requires a version that knows migration 2.") == true)
        // A program that knows the second works with the third.
        let middle = Migrator(set: "notes", migrations: [Self.first, Self.added])
        #expect(try middle.status(database).map(\.isKnown) == [true, true, false])
    }

    @Test func pendingMigrationBelowAnUnknownOneIsMissing() async throws {
        let database = try SQLiteDatabase.inMemory()
        let third = Migration(version: 3, name: "more", requires: 1, up: "SELECT 1", down: "SELECT 1")
        try await Migrator(set: "notes", migrations: [Self.first, third]).up(database)
        let error = #expect(throws: StoreError.self) { try two.status(database) }
        #expect(error?.sentence == "Migration 2 of notes is missing among those applied.")
    }

    @Test func tableWithoutRequirementsIsUpgraded() async throws {
        let database = try SQLiteDatabase.inMemory()
        try await one.up(database)
        try await database.write { try $0.execute("ALTER TABLE schema_migration DROP COLUMN requires") }
        #expect(try one.status(database).map(\.isApplied) == [true])
        #expect(try await two.up(database).map(\.version) == [2])
        #expect(try two.status(database).map(\.isApplied) == [true, true])
        // A migration without a requirement requires itself.
        let error = #expect(throws: StoreError.self) {
            try Migrator(set: "notes", migrations: []).status(database)
        }
        #expect(error?.sentence.hasSuffix("requires a version that knows migration 1.") == true)
    }

    @Test func versionNumbersMayHaveGapsButNotFillThemLater() async throws {
        let database = try SQLiteDatabase.inMemory()
        let fifth = Migration(
            version: 5, name: "late", up: "CREATE TABLE late (n INTEGER) STRICT;", down: "DROP TABLE late;")
        let gap = Migrator(set: "notes", migrations: [Self.first, fifth])
        #expect(try await gap.up(database).map(\.version) == [1, 5])
        #expect(try gap.status(database).map(\.isApplied) == [true, true])
        let filled = Migrator(set: "notes", migrations: [Self.first, Self.second, fifth])
        let error = await #expect(throws: StoreError.self) { try await filled.up(database) }
        #expect(error?.sentence == "Migration 2 of notes is missing among those applied.")
        #expect(try await gap.down(to: 1, database).map(\.version) == [5])
        #expect(try await gap.down(to: 0, database).map(\.version) == [1])
    }

    @Test func failingMigrationLeavesNothing() async throws {
        let database = try SQLiteDatabase.inMemory()
        let broken = Migration(
            version: 2, name: "broken", up: "CREATE TABLE half (n INTEGER); CREATE TABLE half (n INTEGER);",
            down: "")
        let migrator = Migrator(set: "notes", migrations: [Self.first, broken])
        let error = await #expect(throws: StoreError.self) { try await migrator.up(database) }
        #expect(error?.sentence.hasPrefix("Migration 2 (broken) of notes: ") == true)
        #expect(try tables(database) == ["note", "schema_migration"])
        #expect(try migrator.status(database).map(\.isApplied) == [true, false])
    }

    @Test func twoProcessesMayMigrateAtOnce() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("test.db")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let database = try SQLiteDatabase(path: path)
                    try await Migrator.tessera.up(database)
                    #expect(try Migrator.tessera.status(database).allSatisfy(\.isApplied))
                }
            }
            try await group.waitForAll()
        }
    }
}
