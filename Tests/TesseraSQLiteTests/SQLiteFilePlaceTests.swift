import Glibc
import Synchronization
import TesseraCore
import TesseraSQLite
import TesseraStores
import TesseraTestKit
import Testing

/// A database whose file is removed, moved or replaced while it is open.
@Suite struct SQLiteFilePlaceTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path("data/test.db") }

    init() throws {
        directory = try TemporaryDirectory()
        mkdir(directory.path("data"), 0o700)
    }

    enum Loss: CaseIterable {
        case removed, moved, replaced, emptied, logRemoved, indexRemoved, directoryMoved

        func happen(_ path: String, _ directory: TemporaryDirectory) throws {
            switch self {
            case .removed: unlink(path)
            case .moved: rename(path, path + ".away")
            case .replaced:
                try directory.write([1, 2, 3], to: "data/new")
                rename(directory.path("data/new"), path)
            case .emptied: truncate(path, 0)
            case .logRemoved: unlink(path + "-wal")
            case .indexRemoved: unlink(path + "-shm")
            case .directoryMoved:
                rename(directory.path("data"), directory.path("away"))
                mkdir(directory.path("data"), 0o700)
            }
        }
    }

    private func openWithTable() async throws -> SQLiteDatabase {
        let database = try SQLiteDatabase(path: path)
        try await database.write { try $0.executeScript("CREATE TABLE note (number INTEGER) STRICT") }
        return database
    }

    private static func count(_ connection: SQLiteConnection) throws -> Int64? {
        try connection.first("SELECT count(*) FROM note") { try $0.integer(0) }
    }

    @Test(arguments: Loss.allCases)
    func changeToALostFileIsNotConfirmed(_ loss: Loss) async throws {
        let database = try await openWithTable()
        try loss.happen(path, directory)
        let error = await #expect(throws: StoreError.self) {
            try await database.write { try $0.execute("INSERT INTO note VALUES (1)") }
        }
        #expect(error?.code == .unavailable)
        #expect(error?.sentence.hasPrefix(path) == true)
        // From then on, every way to read fails.
        #expect(throws: StoreError.self) { try database.read(Self.count) }
        #expect(throws: StoreError.self) { try database.readPresent(Self.count) }
        #expect(throws: StoreError.self) { try database.find(Self.count) }
        database.close()
    }

    @Test(arguments: Loss.allCases)
    func lossIsNoticedWithoutAChangeAndReportedOnce(_ loss: Loss) async throws {
        let store = SQLiteStore(database: try await openWithTable())
        let troubles = Mutex<[StoreError]>([])
        store.observeTroubles { trouble in troubles.withLock { $0.append(trouble) } }
        #expect(store.hearsForeignChanges?() == true)
        try loss.happen(path, directory)
        let deadline = ContinuousClock.now + .seconds(10)
        while store.hearsForeignChanges?() != false, .now < deadline { await Task.yield() }
        #expect(store.hearsForeignChanges?() == false)
        await #expect(throws: StoreError.self) { try await store.checkReadiness() }
        await #expect(throws: StoreError.self) {
            try await store.database.write { try $0.execute("INSERT INTO note VALUES (1)") }
        }
        #expect(troubles.withLock { $0.map(\.code) } == [.unavailable])
        // A handler that is added later is told too.
        let late = Mutex(0)
        store.observeTroubles { _ in late.withLock { $0 += 1 } }
        #expect(late.withLock { $0 } == 1)
        store.close()
    }

    /// Other processes may have changed the file meanwhile, so the database stays closed until it is opened again.
    @Test func fileThatWasPutBackIsUsedWhenItIsOpenedAgain() async throws {
        let database = try await openWithTable()
        for number in 1...10 {
            try await database.write { try $0.execute("INSERT INTO note VALUES (?)", [.integer(number)]) }
        }
        rename(path, path + ".away")
        await #expect(throws: StoreError.self) {
            try await database.write { try $0.execute("INSERT INTO note VALUES (11)") }
        }
        rename(path + ".away", path)
        #expect(throws: StoreError.self) { try database.read(Self.count) }
        database.close()
        let again = try SQLiteDatabase(path: path)
        #expect(try again.read(Self.count).map { $0 >= 10 } == true)
        again.close()
    }

    @Test func closingLeavesTheLogOfAnotherDatabaseAlone() async throws {
        let database = try await openWithTable()
        for suffix in ["", "-wal", "-shm"] { rename(path + suffix, path + suffix + ".away") }
        try directory.write([1, 2, 3], to: "data/test.db-wal")
        database.close()
        #expect(access(path + "-wal", F_OK) == 0)
    }

    @Test func linkThatLeadsElsewhereIsNoticed() async throws {
        let link = directory.path("link.db")
        symlink(path, link)
        try SQLiteDatabase(path: path).close()
        let database = try SQLiteDatabase(path: link)
        try await database.write { try $0.executeScript("CREATE TABLE note (number INTEGER) STRICT") }
        unlink(link)
        try directory.write([1], to: "other")
        symlink(directory.path("other"), link)
        await #expect(throws: StoreError.self) {
            try await database.write { try $0.execute("INSERT INTO note VALUES (1)") }
        }
        database.close()
    }

    @Test func databaseInMemoryIsAlwaysInItsPlace() async throws {
        let store = SQLiteStore(database: try .inMemory())
        #expect(store.hearsForeignChanges?() != false)
    }
}
