import TesseraCore
import TesseraSQLite
import TesseraTestKit
import Testing

/// Commits that fail: SQLite checks a deferred constraint only at the commit.
@Suite struct SQLiteCommitTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func open() async throws -> SQLiteDatabase {
        let database = try SQLiteDatabase(path: directory.path("test.db"))
        try await database.write {
            try $0.executeScript(
                """
                CREATE TABLE parent (number INTEGER PRIMARY KEY) STRICT;
                CREATE TABLE child (parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED) STRICT;
                """)
        }
        return database
    }

    private func count(_ database: SQLiteDatabase) throws -> Int64? {
        try database.readPresent { try $0.first("SELECT count(*) FROM child") { try $0.integer(0) } }
    }

    @Test func changeWhoseCommitFailsHasFailed() async throws {
        let database = try await open()
        await #expect(throws: StoreError.self) {
            try await database.write { try $0.execute("INSERT INTO child VALUES (7)") }
        }
        #expect(try count(database) == 0)
        // The next change is not affected.
        try await database.write { try $0.executeScript("INSERT INTO parent VALUES (1)") }
        try await database.write { try $0.execute("INSERT INTO child VALUES (1)") }
        #expect(try count(database) == 1)
        database.close()
    }

    @Test func everyChangeIsConfirmedByItsCommit() async throws {
        let database = try await open()
        let outcomes = await withTaskGroup { group in
            for number in 1...200 {
                group.addTask {
                    do {
                        try await database.write { connection in
                            if number % 50 != 0 {
                                try connection.execute("INSERT INTO parent VALUES (?)", [.integer(number)])
                            }
                            try connection.execute("INSERT INTO child VALUES (?)", [.integer(number)])
                        }
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(into: [Bool: Int64]()) { $0[$1, default: 0] += 1 }
        }
        // Changes that shared a commit with a bad one have failed with it, and only confirmed changes are stored.
        #expect(outcomes[false, default: 0] >= 4)
        #expect(try count(database) == outcomes[true, default: 0])
        database.close()
    }
}
