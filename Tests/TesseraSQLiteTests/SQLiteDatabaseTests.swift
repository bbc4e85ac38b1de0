import Glibc
import Synchronization
import TesseraCore
import TesseraSQLite
import TesseraStores
import TesseraTestKit
import Testing

@Suite struct SQLiteDatabaseTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path("test.db") }

    init() throws { directory = try TemporaryDirectory() }

    private func openWithTable() async throws -> SQLiteDatabase {
        let database = try SQLiteDatabase(path: path)
        try await database.write {
            try $0.executeScript("CREATE TABLE note (number INTEGER, text TEXT) STRICT")
        }
        return database
    }

    private func count(_ database: SQLiteDatabase) throws -> Int64? {
        try database.read { try $0.first("SELECT count(*) FROM note") { try $0.integer(0) } }
    }

    /// The same count, read through the look-up of a check.
    private func lookUpCount(_ database: SQLiteDatabase) throws -> Int64? {
        try database.find { try $0.first("SELECT count(*) FROM note") { try $0.integer(0) } }
    }

    private func mode(of path: String) -> UInt32? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    // MARK: Memory

    /// Reports whether the file itself is mapped into this process.
    private var isMapped: Bool {
        guard let maps = fopen("/proc/self/maps", "r") else { return false }
        defer { fclose(maps) }
        var line: UnsafeMutablePointer<CChar>?
        var room = 0
        defer { free(line) }
        while getline(&line, &room, maps) > 0, let line {
            if String(cString: line).hasSuffix(" \(path)\n") { return true }
        }
        return false
    }

    @Test func fileIsMappedOnlyDuringReads() async throws {
        let database = try await openWithTable()
        try await database.write { try $0.execute("INSERT INTO note VALUES (1, 'kept')") }
        // The rows have to be in the file and not only in its log.
        database.close()
        let reopened = try SQLiteDatabase(path: path, options: .init(unmappedAfter: .seconds(1)))
        #expect(try count(reopened) == 1)
        #expect(isMapped)

        let deadline = ContinuousClock.now + .seconds(30)
        while isMapped, .now < deadline { try await Task.sleep(for: .milliseconds(20)) }
        #expect(!isMapped)

        #expect(try count(reopened) == 1)
        #expect(isMapped)
        try await reopened.write { try $0.execute("INSERT INTO note VALUES (2, 'more')") }
        #expect(try count(reopened) == 2)
        reopened.close()
    }

    // MARK: Opening

    @Test func newFileAndItsLogBelongToTheirOwnerAlone() async throws {
        let database = try await openWithTable()
        #expect(mode(of: path) == 0o600)
        #expect(mode(of: path + "-wal") == 0o600)
        #expect(mode(of: path + "-shm") == 0o600)
        database.close()
    }

    @Test func everythingIsInTheFileAfterClosing() async throws {
        let database = try await openWithTable()
        try await database.write { try $0.execute("INSERT INTO note VALUES (1, 'kept')") }
        database.close()
        #expect(mode(of: path + "-wal") == nil)
        let again = try SQLiteDatabase(path: path)
        let notes = try again.read { try $0.query("SELECT text FROM note") { try $0.text(0) } }
        #expect(notes == ["kept"])
    }

    /// The user that runs the tests.
    private static var user: String { String(cString: getpwuid(getuid()).pointee.pw_name) }

    @Test func fileThatIsNoDatabaseIsNamed() throws {
        let text = Array(String(repeating: "This is a letter, not a database. ", count: 200).utf8)
        try directory.write(text, to: "letter.db")
        let error = #expect(throws: StoreError.self) { try SQLiteDatabase(path: directory.path("letter.db")) }
        #expect(error?.code == .corrupt)
        #expect(error?.sentence == "\(directory.path("letter.db")) is not a SQLite database, or is damaged.")
    }

    @Test func missingDirectoryIsNamed() throws {
        let path = directory.path("nowhere/test.db")
        let error = #expect(throws: StoreError.self) { try SQLiteDatabase(path: path) }
        #expect(error?.code == .unavailable)
        #expect(error?.sentence == "\(path): the directory \(directory.path("nowhere")) does not exist.")
    }

    @Test func emptyPathIsRefused() throws {
        #expect(throws: StoreError.self) { try SQLiteDatabase(path: "") }
    }

    @Test func fileThatMayNotBeWrittenIsRefused() async throws {
        let database = try await openWithTable()
        database.close()
        chmod(path, 0o444)
        let error = try withoutSuperuser {
            #expect(throws: StoreError.self) { try SQLiteDatabase(path: path) }
        }
        #expect(error?.code == .readOnly)
        #expect(
            error?.sentence
                == "\(path) is not writable. user \(Self.user) lacks write permission; it belongs to user \(Self.user) and has mode 0444."
        )
    }

    @Test func directoryThatMayNotBeWrittenIsRefused() throws {
        chmod(directory.path("."), 0o555)
        defer { chmod(directory.path("."), 0o755) }
        let error = try withoutSuperuser {
            #expect(throws: StoreError.self) { try SQLiteDatabase(path: path) }
        }
        #expect(error?.code == .readOnly)
        #expect(error?.sentence.hasPrefix("\(path): the file cannot be made; the directory ") == true)
        #expect(
            error?.sentence.hasSuffix(
                " is not writable. user \(Self.user) lacks write permission; it belongs to user \(Self.user) and has mode 0555."
            ) == true)
    }

    @Test("Each obstacle is named with its path, its owner and what is missing", arguments: Obstacle.all)
    func obstacleIsNamed(_ obstacle: Obstacle) async throws {
        // Keeps the database open, so that the files beside it exist.
        let database = try await openWithTable()
        let name = directory.path(obstacle.name)
        try obstacle.prepare(directory)
        defer {
            chmod(directory.path("."), 0o755)
            for name in ["folder", "closed"] { rmdir(directory.path(name)) }
        }
        let error = try withoutSuperuser {
            #expect(throws: StoreError.self) { try SQLiteDatabase(path: directory.path(obstacle.opened)) }
        }
        database.close()
        let sentence = error?.sentence ?? ""
        #expect(sentence.contains(name), "\(sentence)")
        // The result does not depend on the user that runs the tests.
        for words in obstacle.words.split(separator: " user root ") {
            #expect(sentence.contains(words), "\(sentence)")
        }
        #expect(!sentence.contains("(14)"), "\(sentence)")
    }

    struct Obstacle: CustomTestStringConvertible {
        /// A path to open, the obstacle, and the expected error.
        let opened, name, words: String
        let prepare: @Sendable (TemporaryDirectory) throws -> Void
        var testDescription: String { "\(name): \(words)" }

        static let all = [
            Obstacle(
                opened: "test.db", name: "test.db",
                words: "read permission; it belongs to user root and has mode 0600"
            ) {
                chmod($0.path("test.db"), 0o600)
            },
            Obstacle(
                opened: "test.db", name: "test.db",
                words: "write permission; it belongs to user root and has mode 0644"
            ) {
                chmod($0.path("test.db"), 0o644)
            },
            Obstacle(
                opened: "test.db", name: "test.db-wal",
                words: "read permission; it belongs to user root and has mode 0600"
            ) {
                chmod($0.path("test.db"), 0o666)
                chmod($0.path("test.db-wal"), 0o600)
            },
            Obstacle(opened: "folder", name: "folder", words: "is a directory") {
                mkdir($0.path("folder"), 0o777)
            },
            Obstacle(opened: "test.db/a.db", name: "test.db", words: "is not a directory") { _ in },
            Obstacle(opened: "pipe", name: "pipe", words: "is not a regular file") {
                mkfifo($0.path("pipe"), 0o666)
            },
            Obstacle(opened: "link", name: "link", words: "is a symbolic link to a file that does not exist")
            {
                symlink($0.path("nothing"), $0.path("link"))
            },
            Obstacle(
                opened: "closed/a.db", name: "closed",
                words: "execute permission; it belongs to user root and has mode 0700"
            ) {
                mkdir($0.path("closed"), 0o700)
            },
            Obstacle(opened: "a/b/c.db", name: "a", words: "does not exist") { _ in },
        ]
    }

    @Test func pathThatLooksLikeAURIIsAPath() async throws {
        // SQLite would open a database in memory for this URI.
        let name = "file:test.db?mode=memory"
        let database = try SQLiteDatabase(path: directory.path(name))
        try await database.write { try $0.executeScript("CREATE TABLE note (number INTEGER) STRICT") }
        #expect(mode(of: directory.path(name)) == 0o600)
    }

    /// Runs `body` without the superuser's rights over files, on this thread only.
    private func withoutSuperuser<Value>(_ body: () throws -> Value) throws -> Value {
        chmod(directory.path("."), mode(of: directory.path("."))! | 0o055)
        guard getuid() == 0 else { return try body() }
        typealias SetID = @convention(c) (UInt32) -> Int32
        let address = try #require(dlsym(nil, "setfsuid"))
        let setFileSystemUser = unsafeBitCast(address, to: SetID.self)
        _ = setFileSystemUser(65_534)
        defer { _ = setFileSystemUser(0) }
        return try body()
    }

    // MARK: Reading and writing

    @Test func valuesAreReadAsWritten() async throws {
        let database = try SQLiteDatabase.inMemory()
        try await database.write { connection in
            try connection.executeScript(
                "CREATE TABLE v (i INTEGER, r REAL, t TEXT, b BLOB, e TEXT, z BLOB, n TEXT) STRICT")
            try connection.execute(
                "INSERT INTO v VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    .integer(Int64.min), .real(0.5), .text("a\0b ’"), .blob([0, 255]), .text(""), .blob([]),
                    .null,
                ])
        }
        let counts = try database.read { connection in
            try connection.query("SELECT * FROM v") { row in
                let (integer, real) = (try row.integer("i"), try row.real("r"))
                #expect(integer == .min)
                #expect(real == 0.5)
                let texts = [try row.text("t"), try row.text("e"), try row.textOrNil("n")]
                #expect(texts == ["a\0b ’", "", nil])
                let blobs = [try row.blob("b"), try row.blob("z")]
                #expect(blobs == [[0, 255], []])
                let isNull = row.isNull(6)
                #expect(isNull)
                return texts.count
            }
        }
        #expect(counts == [3])
    }

    @Test func statementsWithinOthersKeepWhatIsBoundToThem() throws {
        let database = try SQLiteDatabase.inMemory()
        let rounds = """
            WITH RECURSIVE round (n, text) AS (SELECT 1, ?1 UNION ALL SELECT n + 1, ?1 FROM round WHERE n < 4)
            SELECT text, ?2 FROM round
            """
        let found = try database.read { connection in
            try connection.query(rounds, [.text("outer text"), .words(1, 2)]) { outer in
                // Larger than the memory for what is bound, and then small again.
                for length in [1, 10_000, 0, 8_000, 500] {
                    let inner = String(repeating: "i", count: length)
                    let texts = try connection.query(rounds, [.text(inner), .blob([UInt8](inner.utf8))]) {
                        row in
                        let (text, bytes) = (try row.text(0), try row.blob(1))
                        #expect(bytes.count == length)
                        return text
                    }
                    #expect(texts == Array(repeating: inner, count: 4))
                }
                return (try outer.text(0), try outer.blob(1))
            }
        }
        #expect(found.map(\.0) == Array(repeating: "outer text", count: 4))
        let words: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]
        #expect(found.map(\.1) == Array(repeating: words, count: 4))
    }

    @Test func valueOfAnotherKindIsAnError() async throws {
        let database = try SQLiteDatabase.inMemory()
        for sql in ["SELECT 'text'", "SELECT NULL", "SELECT 1.5", "SELECT x'00'"] {
            #expect(throws: StoreError.self) { try database.read { try $0.query(sql) { try $0.integer(0) } } }
        }
        #expect(throws: StoreError.self) { try database.read { try $0.query("SELECT 1") { try $0.text(0) } } }
        #expect(throws: StoreError.self) {
            try database.read { try $0.query("SELECT CAST(x'FF' AS TEXT)") { try $0.text(0) } }
        }
    }

    @Test func errorsDoNotShowBoundValues() async throws {
        let database = try SQLiteDatabase.inMemory()
        let error = await #expect(throws: StoreError.self) {
            try await database.write { connection in
                try connection.executeScript(
                    "CREATE TABLE note (number INTEGER UNIQUE, text TEXT CHECK (text = '')) STRICT")
                try connection.execute(
                    "INSERT INTO note VALUES (?, ?)", [.integer(1), .text("secret-value")])
            }
        }
        #expect(error?.code == .corrupt)
        #expect(error?.sentence.contains("secret-value") == false)
    }

    @Test func queryInsideTheSameQueryGivesBoth() throws {
        let database = try SQLiteDatabase.inMemory()
        let pairs = try database.read { connection in
            let sql = "SELECT value FROM (SELECT 1 AS value UNION SELECT 2) ORDER BY value"
            return try connection.query(sql) { outer in
                let own = try outer.integer(0)
                return try connection.query(sql) { [own, try $0.integer(0)] }
            }
        }
        #expect(pairs == [[[1, 1], [1, 2]], [[2, 1], [2, 2]]])
    }

    @Test func readersCannotWrite() async throws {
        let database = try await openWithTable()
        let error = #expect(throws: StoreError.self) {
            try database.read { try $0.execute("INSERT INTO note VALUES (1, '')") }
        }
        #expect(error?.code == .readOnly)
    }

    @Test func readSeesEveryWriteThatWasAnswered() async throws {
        let database = try await openWithTable()
        try await database.write { try $0.execute("INSERT INTO note VALUES (0, '')") }
        for number in 1...1_000 {
            try await database.write { try $0.execute("UPDATE note SET number = ?", [.integer(number)]) }
            let seen = try database.read { try $0.first("SELECT number FROM note") { try $0.integer(0) } }
            #expect(seen == Int64(number))
        }
    }

    @Test func oneReadSeesOneState() async throws {
        let database = try await openWithTable()
        try await database.write { try $0.execute("INSERT INTO note VALUES (0, '')") }
        let writing = Task {
            for _ in 1...300 {
                try await database.write { try $0.execute("UPDATE note SET number = number + 1") }
            }
        }
        for _ in 1...300 {
            let (first, second) = try database.read { connection in
                let read = { () throws -> Int64? in
                    try connection.first("SELECT number FROM note") { try $0.integer(0) }
                }
                return (try read(), try read())
            }
            #expect(first == second)
            await Task.yield()
        }
        try await writing.value
    }

    @Test func failingWriteDoesNotAffectItsGroup() async throws {
        let database = try await openWithTable()
        let failures = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    do {
                        try await database.write { connection in
                            try connection.execute("INSERT INTO note VALUES (?, '')", [.integer(number)])
                            if number % 3 == 0 { throw StoreError(.unavailable, "given up") }
                        }
                        return false
                    } catch {
                        return true
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(failures == 67)
        let numbers = try database.read {
            try $0.query("SELECT number FROM note ORDER BY number") { try $0.integer(0) }
        }
        let expected: [Int64] = Array(0..<200).filter { $0 % 3 != 0 }
        #expect(numbers == expected)
    }

    @Test func writesThatRunAgainBesideAFailingOneCountOnce() async throws {
        let database = try await openWithTable()
        let (begun, gate, runs) = (Gate(), Gate(), Gate())
        // Holds the writer until the other changes wait together.
        let first = Task.immediate {
            try await database.write { _ in
                begun.count.store(1, ordering: .releasing)
                while gate.count.load(ordering: .acquiring) == 0 { usleep(1_000) }
            }
        }
        while begun.count.load(ordering: .acquiring) == 0 { await Task.yield() }
        let second = Task.immediate {
            try await database.write { connection in
                runs.count.add(1, ordering: .relaxed)
                try connection.execute("INSERT INTO note VALUES (1, 'kept')")
            }
        }
        let third = Task.immediate {
            try await database.write { connection in
                try connection.execute("INSERT INTO note VALUES (2, 'undone')")
                throw StoreError(.unavailable, "given up")
            }
        }
        let fourth = Task.immediate {
            try await database.write { try $0.execute("INSERT INTO note VALUES (3, 'kept')") }
        }
        // A task that was started may not have reached the queue yet.
        let store = SQLiteStore(database: database)
        while store.traffic()?.changes?.waiting != 3 { await Task.yield() }
        gate.count.store(1, ordering: .releasing)
        try await first.value
        try await second.value
        let error = await #expect(throws: StoreError.self) { try await third.value }
        _ = try await fourth.value
        #expect(error?.sentence == "given up")
        let numbers = try database.read {
            try $0.query("SELECT number FROM note ORDER BY number") { try $0.integer(0) }
        }
        #expect(numbers == [1, 3])
        #expect(runs.count.load(ordering: .relaxed) == 2)
    }

    private final class Gate: Sendable {
        let count = Atomic<Int>(0)
    }

    /// More data than the writer keeps in memory: pages go to the log before the end and are read back from it.
    @Test func changeThatIsLargerThanTheMemoryForItIsWholeOrUndone() async throws {
        let database = try await openWithTable()
        let fill: @Sendable (SQLiteConnection) throws -> Int64? = { connection in
            let text = String(repeating: "x", count: 8_000)
            for number in 0..<4_000 {
                try connection.execute(
                    "INSERT INTO note (rowid, number, text) VALUES (?1, ?1, ?2)",
                    [.integer(number), .text(text)])
            }
            try connection.execute("UPDATE note SET number = 0 WHERE rowid % 7 = 0")
            return try connection.first("SELECT sum(number) FROM note") { try $0.integer(0) }
        }
        await #expect(throws: StoreError.self) {
            try await database.write { connection in
                _ = try fill(connection)
                throw StoreError(.unavailable, "given up")
            }
        }
        #expect(try count(database) == 0)
        let sum: Int64 = (0..<4_000).filter { $0 % 7 != 0 }.reduce(0, +)
        #expect(try await database.write(fill) == sum)
        let other = try SQLiteDatabase(path: path)
        for database in [database, other] {
            #expect(try count(database) == 4_000)
            let state = try database.read {
                try $0.first("PRAGMA integrity_check") { try $0.text(0) }
            }
            #expect(state == "ok")
        }
    }

    /// Frames of an undone change must not overwrite frames that other processes have written since.
    @Test func changeThatWasUndoneLeavesTheLogOfOthersAlone() async throws {
        let database = try await openWithTable()
        let other = try SQLiteDatabase(path: path)
        let fill: @Sendable (SQLiteConnection, Int, String) throws -> Void = { connection, count, letter in
            let text = String(repeating: letter, count: 3_000)
            for number in 0..<count {
                try connection.execute("INSERT INTO note VALUES (?, ?)", [.integer(number), .text(text)])
            }
        }
        // With so little memory, pages go to the log long before the end. At any number of pages gathered at the end,
        // one of these changes leaves something.
        for count in 45...55 {
            await #expect(throws: StoreError.self) {
                try await database.write { connection in
                    try connection.execute("PRAGMA cache_size = 10")
                    try fill(connection, count, "x")
                    throw StoreError(.unavailable, "given up")
                }
            }
            try await other.write { connection in
                try connection.execute("DELETE FROM note")
                try fill(connection, 80, "y")
            }
            try await database.write { try $0.execute("INSERT INTO note VALUES (1000, 'z')") }
            let third = try SQLiteDatabase(path: path)
            let kept = try third.read {
                try $0.first(
                    "SELECT count(*) FROM note WHERE text = ?", [.text(String(repeating: "y", count: 3_000))]
                ) {
                    try $0.integer(0)
                }
            }
            #expect(kept == 80)
            let state = try third.read { try $0.first("PRAGMA integrity_check") { try $0.text(0) } }
            #expect(state == "ok")
        }
    }

    @Test func loneFailingWriteChangesNothingAndReportsTheReason() async throws {
        let database = try await openWithTable()
        let error = await #expect(throws: StoreError.self) {
            try await database.write { connection in
                try connection.execute("INSERT INTO note VALUES (1, '')")
                throw StoreError(.full, "given up")
            }
        }
        #expect(error?.sentence == "given up")
        #expect(try count(database) == 0)
    }

    @Test func writeThatEndsTheTransactionIsRefused() async throws {
        let database = try await openWithTable()
        await #expect(throws: StoreError.self) { try await database.write { try $0.execute("ROLLBACK") } }
        try await database.write { try $0.execute("INSERT INTO note VALUES (1, 'afterwards')") }
        #expect(
            try database.read { try $0.first("SELECT text FROM note") { try $0.text(0) } } == "afterwards")
    }

    @Test func writesBeforeClosingAreDoneAndLaterOnesRefused() async throws {
        let database = try await openWithTable()
        let tasks = (0..<50).map { number in
            Task {
                try await database.write {
                    try $0.execute("INSERT INTO note VALUES (?, '')", [.integer(number)])
                }
            }
        }
        for task in tasks { _ = try await task.value }
        database.close()
        database.close()
        let late = await #expect(throws: StoreError.self) {
            try await database.write { try $0.execute("DELETE FROM note") }
        }
        #expect(late?.code == .unavailable)
        let read = #expect(throws: StoreError.self) { try database.read { try $0.execute("SELECT 1") } }
        #expect(read?.code == .unavailable)
        let again = try SQLiteDatabase(path: path)
        #expect(try count(again) == 50)
    }

    // MARK: Other processes

    @Test func changeOfAnotherProcessIsNoticed() async throws {
        let database = try await openWithTable()
        let other = try SQLiteDatabase(path: path)
        #expect(try count(database) == 0)
        let (notices, notice) = AsyncStream.makeStream(of: Int64?.self)
        database.observeForeignChanges {
            // A read must now see the change.
            notice.yield(
                try? database.read { try $0.first("SELECT count(*) FROM note") { try $0.integer(0) } })
        }
        try await other.write { try $0.execute("INSERT INTO note VALUES (1, '')") }
        var iterator = notices.makeAsyncIterator()
        #expect(await iterator.next() == .some(1))
    }

    @Test func lookUpThatFoundNothingFindsANewRowOfAnotherProcessAtOnce() async throws {
        _ = try await openWithTable()
        let database = try SQLiteDatabase(path: path, options: .init(readerCount: 1, doubtfulAge: .zero))
        let other = try SQLiteDatabase(path: path)
        for number in 1...20 {
            let look = {
                try database.find { connection in
                    try connection.first("SELECT text FROM note WHERE number = ?", [.integer(number)]) {
                        try $0.text(0)
                    }
                }
            }
            #expect(try look() == nil)
            try await other.write { try $0.execute("INSERT INTO note VALUES (?, 'new')", [.integer(number)]) }
            #expect(try look() == "new")
        }
    }

    @Test func presentStateHasTheCommitsOfOtherProcesses() async throws {
        _ = try await openWithTable()
        let database = try SQLiteDatabase(path: path, options: .init(readerCount: 1))
        let other = try SQLiteDatabase(path: path)
        for number in 1...20 {
            _ = try count(database)
            try await other.write { try $0.execute("INSERT INTO note VALUES (?, '')", [.integer(number)]) }
            let present = try database.readPresent {
                try $0.first("SELECT count(*) FROM note") { try $0.integer(0) }
            }
            #expect(present == Int64(number))
            // The next reader does not see an older state.
            #expect(try count(database) == Int64(number))
        }
    }

    @Test func lookUpThatFoundNothingInAYoungStateRunsOnce() async throws {
        _ = try await openWithTable()
        let database = try SQLiteDatabase(
            path: path, options: .init(readerCount: 1, doubtfulAge: .seconds(3_600)))
        var runs = 0
        for _ in 1...100 {
            let found: Int64? = try database.find { _ in
                runs += 1
                return nil
            }
            #expect(found == nil)
        }
        #expect(runs == 100)
    }

    // MARK: Notes

    @Test func lookUpKeepsItsStateOverANoteAndNotOverAChange() async throws {
        _ = try await openWithTable()
        let database = try SQLiteDatabase(
            path: path, options: .init(readerCount: 1, notesAfter: .seconds(3_600)))
        let look = { try lookUpCount(database) }
        // An idle reader releases its snapshot; a reader that is used at once does not.
        var before: Int64?
        var number: Int64 = 0
        repeat {
            number += 1
            before = try look()
            let values = [SQLiteValue.integer(number)]
            try await database.note { try $0.execute("INSERT INTO note VALUES (?, 'only noted')", values) }
        } while try look() != before
        number += 1
        let values = [SQLiteValue.integer(number)]
        try await database.write { try $0.execute("INSERT INTO note VALUES (?, 'written')", values) }
        #expect(try look() == number)
        // All other reads see a note at once, and from then on so does the look-up.
        try await database.note { try $0.execute("INSERT INTO note VALUES (0, 'only noted')") }
        #expect(try count(database) == number + 1)
        #expect(try look() == number + 1)
    }

    @Test func changeAmongNotesIsSeenAtOnce() async throws {
        _ = try await openWithTable()
        let database = try SQLiteDatabase(
            path: path, options: .init(readerCount: 1, notesAfter: .seconds(3_600)))
        let newest = {
            try database.find { connection in
                try connection.first("SELECT max(number) FROM note WHERE text = 'written'") {
                    try $0.integerOrNil(0)
                }
            } ?? nil
        }
        // Many at a time, so that notes and changes commit together.
        let notes = Task {
            var number: Int64 = 1_000_000
            while !Task.isCancelled {
                number += 1
                let values = [SQLiteValue.integer(number)]
                try await database.note { try $0.execute("INSERT INTO note VALUES (?, 'noted')", values) }
            }
        }
        for number in 1...200 {
            try await database.write {
                try $0.execute("INSERT INTO note VALUES (?, 'written')", [.integer(number)])
            }
            #expect(try newest() == Int64(number))
        }
        notes.cancel()
        try await notes.value
    }

    @Test func noteIsSeenAfterAWhileAlsoUnderConstantReading() async throws {
        _ = try await openWithTable()
        let database = try SQLiteDatabase(path: path, options: .init(readerCount: 1, notesAfter: .zero))
        let look = { try lookUpCount(database) }
        _ = try look()
        try await database.note { try $0.execute("INSERT INTO note VALUES (1, '')") }
        while try look() != 1 { await Task.yield() }
    }

    @Test func changeOfAnotherProcessEndsAStateThatIsKeptOverNotes() async throws {
        _ = try await openWithTable()
        let database = try SQLiteDatabase(
            path: path, options: .init(readerCount: 1, notesAfter: .seconds(3_600)))
        let look = { try lookUpCount(database) }
        #expect(try look() == 0)
        let other = try SQLiteDatabase(path: path)
        try await other.note { try $0.execute("INSERT INTO note VALUES (1, 'noted there')") }
        while try look() != 1 { await Task.yield() }
    }

    @Test func ownChangesAreNotForeign() async throws {
        let database = try await openWithTable()
        let other = try SQLiteDatabase(path: path)
        let own = Mutex(0)
        database.observeForeignChanges { own.withLock { $0 += 1 } }
        let (notices, notice) = AsyncStream.makeStream(of: Void.self)
        other.observeForeignChanges { notice.yield() }
        try await database.write { try $0.execute("INSERT INTO note VALUES (1, '')") }
        // The other database has looked since, and so has this one, at the same pace.
        var iterator = notices.makeAsyncIterator()
        await iterator.next()
        try await database.write { try $0.execute("INSERT INTO note VALUES (2, '')") }
        await iterator.next()
        #expect(own.withLock { $0 } == 0)
    }

    @Test func logIsCutShortUnderConstantReading() async throws {
        let database = try await openWithTable()
        let text = String(repeating: "x", count: 4_000)
        for _ in 1...40 {
            // 4 MiB each time: in all, ten times the size at which the log is checkpointed.
            try await database.write { connection in
                for number in 1...1_000 {
                    try connection.execute("INSERT INTO note VALUES (?, ?)", [.integer(number), .text(text)])
                }
            }
            _ = try database.read { try $0.first("SELECT count(*) FROM note") { try $0.integer(0) } }
        }
        var status = stat()
        #expect(stat(path + "-wal", &status) == 0)
        #expect(status.st_size < 64 << 20)
        #expect(status.st_size > 0)
    }
}
