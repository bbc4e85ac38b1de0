import TesseraCore
import TesseraSQLite
import TesseraTestKit
import Testing

/// Commits that fail by themselves: a deferred constraint is looked at only then.
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
        // The next one is not disturbed by it.
        try await database.write { try $0.executeScript("INSERT INTO parent VALUES (1)") }
        try await database.write { try $0.execute("INSERT INTO child VALUES (1)") }
        #expect(try count(database) == 1)
        database.close()
    }

    @Test func everyChangeIsAnsweredByTheCommitThatHoldsIt() async throws {
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
        // Those that shared a commit with a bad one have failed with it, and only those that were answered are there.
        #expect(outcomes[false, default: 0] >= 4)
        #expect(try count(database) == outcomes[true, default: 0])
        database.close()
    }
}
