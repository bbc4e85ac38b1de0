import TesseraCore
import TesseraDatabase
import TesseraPostgres
import TesseraTestKit
import Testing

@testable import TesseraStores

@Suite(.serialized) struct PostgresMigratorTests {
    private static let first = Migration(
        version: 1, name: "notes", up: "CREATE TABLE note (number bigint);", down: "DROP TABLE note;")
    private static let second = Migration(
        version: 2, name: "labels", up: "CREATE TABLE label (text text); INSERT INTO label VALUES ('a');",
        down: "DROP TABLE label;")
    private let one = Migrator(set: "notes", migrations: [first])
    private let two = Migrator(set: "notes", migrations: [first, second])

    private func open() async throws -> PostgresDatabase {
        try await .open(try await PostgresServer.running().makeDatabase())
    }

    private static let tables = SQLText(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")

    private func tables(_ database: PostgresDatabase) async throws -> [String] {
        try await database.query(Self.tables) { row in try row.text(0) }
    }

    @Test func pendingMigrationsAreAppliedOnce() async throws {
        let database = try await open()
        #expect(try await two.status(database).map(\.isApplied) == [false, false])
        #expect(try await one.up(database).map(\.version) == [1])
        #expect(try await two.status(database).map(\.isApplied) == [true, false])
        #expect(try await two.up(database).map(\.name) == ["labels"])
        #expect(try await two.up(database).isEmpty)
        #expect(try await tables(database) == ["label", "note", "schema_migration"])
    }

    @Test func migrationsAreRevertedNewestFirst() async throws {
        let database = try await open()
        #expect(try await two.down(to: 0, database).isEmpty)
        try await two.up(database)
        #expect(try await two.down(to: 1, database).map(\.version) == [2])
        #expect(try await tables(database) == ["note", "schema_hold", "schema_migration"])
        #expect(try await two.down(to: 0, database).map(\.version) == [1])
        #expect(try await two.down(to: 0, database).isEmpty)
        #expect(try await two.up(database, evenIfTakenBack: true).count == 2)
    }

    @Test func revertedMigrationIsAppliedAgainOnlyOnRequest() async throws {
        let database = try await open()
        try await two.up(database)
        try await two.down(to: 1, database)
        let error = await #expect(throws: StoreError.self) { try await two.up(database) }
        #expect(error?.code == .notMigrated)
        #expect(error?.sentence.contains("2 (labels)") == true)
        #expect(try await one.up(database).isEmpty)
        #expect(try await two.up(database, evenIfTakenBack: true).map(\.version) == [2])
        let three = Migrator(
            set: "notes",
            migrations: [
                Self.first, Self.second,
                Migration(
                    version: 3, name: "more", up: "CREATE TABLE more (z bigint);", down: "DROP TABLE more;"),
            ])
        #expect(try await three.up(database).map(\.version) == [3])
    }

    @Test func editedMigrationIsNamed() async throws {
        let database = try await open()
        try await one.up(database)
        let edited = Migrator(
            set: "notes", migrations: [Migration(version: 1, name: "notes", up: "SELECT 1", down: "")])
        let error = await #expect(throws: StoreError.self) { try await edited.up(database) }
        #expect(error?.code == .notMigrated)
        #expect(error?.sentence == "Migration 1 (notes) of notes was edited after it was applied.")
    }

    @Test func databaseOfANewerVersionIsRefused() async throws {
        let database = try await open()
        try await two.up(database)
        let up = await #expect(throws: StoreError.self) { try await one.up(database) }
        #expect(up?.code == .notMigrated)
        #expect(up?.sentence.contains("made by a newer version: it has migration 2 (labels)") == true)
        let down = await #expect(throws: StoreError.self) { try await one.down(to: 0, database) }
        #expect(down?.code == .notMigrated)
    }

    @Test func failingMigrationLeavesNothing() async throws {
        let database = try await open()
        let broken = Migration(
            version: 2, name: "broken", up: "CREATE TABLE half (n bigint); CREATE TABLE half (n bigint);",
            down: "")
        let migrator = Migrator(set: "notes", migrations: [Self.first, broken])
        let error = await #expect(throws: StoreError.self) { try await migrator.up(database) }
        #expect(error?.sentence.hasPrefix("Migration 2 (broken) of notes: ") == true)
        #expect(try await tables(database) == ["note", "schema_migration"])
        #expect(try await migrator.status(database).map(\.isApplied) == [true, false])
    }

    @Test func twoProcessesMayMigrateAtOnce() async throws {
        let url = try await PostgresServer.running().makeDatabase()
        let migrator = Migrator(
            set: "many",
            migrations: (1...8).map { number in
                Migration(
                    version: number, name: "t\(number)",
                    up: "SELECT pg_sleep(0.02); CREATE TABLE t\(number) (n bigint)", down: "")
            })
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let database = try await PostgresDatabase.open(url)
                    let applied = try await migrator.up(database).count
                    #expect(try await migrator.status(database).allSatisfy(\.isApplied))
                    return applied
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(counts == 8)
    }

    private static let added = Migration(
        version: 2, name: "colours", requires: 1, up: "ALTER TABLE note ADD COLUMN colour text;",
        down: "ALTER TABLE note DROP COLUMN colour;")

    @Test func additionsOfANewerVersionAreAccepted() async throws {
        let database = try await open()
        let newer = Migrator(set: "notes", migrations: [Self.first, Self.added])
        try await newer.up(database)
        #expect(try await one.status(database).map(\.isKnown) == [true, false])
        #expect(try await one.up(database).isEmpty)
        let down = await #expect(throws: StoreError.self) { try await one.down(to: 0, database) }
        #expect(
            down?.sentence.hasSuffix("was made by a newer version, which alone can take it back.") == true)
        #expect(try await newer.down(to: 1, database).map(\.version) == [2])
    }

    @Test func tableWithoutRequirementsIsUpgraded() async throws {
        let database = try await open()
        try await one.up(database)
        try await database.session { try $0.runScript("ALTER TABLE schema_migration DROP COLUMN requires") }
        #expect(try await one.status(database).map(\.isApplied) == [true])
        #expect(try await two.up(database).map(\.version) == [2])
        #expect(try await two.status(database).map(\.isApplied) == [true, true])
    }

    @Test func aWaitingMigrationDoesNotBlockReads() async throws {
        let server = try await PostgresServer.running()
        let url = try await server.makeDatabase()
        let database = try await PostgresDatabase.open(url)
        try await one.up(database)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // A long transaction that reads the table until the test ends it.
                try? await database.session { connection in
                    try connection.runScript(
                        "BEGIN; LOCK TABLE note IN ACCESS SHARE MODE; SELECT pg_sleep(60)")
                }
            }
            func isWaiting(_ condition: String) async throws -> Bool {
                try await !server.execute(
                    "SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE datname = '\(url.database)' AND \(condition)"
                ).isEmpty
            }
            while try await !isWaiting("mode = 'AccessShareLock'") {}
            group.addTask {
                let newer = Migrator(set: "notes", migrations: [Self.first, Self.added])
                let applied = try await newer.up(database)
                #expect(applied.map(\.version) == [2])
            }
            while try await !isWaiting("mode = 'AccessExclusiveLock' AND NOT granted") {}
            // If the migration waited without a limit, this read would exceed its own time limit.
            let count = try await database.first(SQLText("SELECT count(*) FROM note")) { try $0.integer(0) }
            #expect(count == 0)
            _ = try await server.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = '\(url.database)' AND wait_event = 'PgSleep'
                """)
            try await group.waitForAll()
        }
    }

    @Test func anInterruptedMigrationLeavesNothing() async throws {
        let server = try await PostgresServer.running()
        let url = try await server.makeDatabase()
        let database = try await PostgresDatabase.open(url)
        let slow = Migration(
            version: 2, name: "slow", up: "CREATE TABLE half (n bigint); SELECT pg_sleep(30);", down: "")
        let interrupted = Migrator(set: "notes", migrations: [Self.first, slow])
        async let outcome: [Migrator.Status] = interrupted.up(database)
        // Waits until the second migration sleeps halfway.
        while try await server.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = '\(url.database)' AND wait_event = 'PgSleep'
            """
        ).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        let error: (any Error)?
        do {
            _ = try await outcome
            error = nil
        } catch let failure { error = failure }
        #expect((error as? StoreError)?.code == .unavailable)
        #expect(try await tables(database) == ["note", "schema_migration"])
        // The lock is released, so the next migration can run.
        #expect(try await two.up(database).map(\.version) == [2])
    }
}
