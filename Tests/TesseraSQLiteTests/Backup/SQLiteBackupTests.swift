import Glibc
import TesseraCore
import TesseraCrypto
import TesseraSQLite
import TesseraStores
import TesseraTestKit
import Testing

@Suite struct SQLiteBackupTests {
    private let directory: TemporaryDirectory
    private var database: String { directory.path("tessera.db") }
    private var copy: String { directory.path("copy") }

    init() throws { directory = try TemporaryDirectory() }

    /// Fills a database with one user and one token; returns the digest of the token.
    private func populate() async throws -> (store: SQLiteStore, digest: TokenDigest) {
        let store = try await SQLiteStore.open(path: database, migrate: true)
        let user = User.make()
        let digest = TokenDigest.make()
        _ = try await store.add(user, passwordHash: "", audit: .make())
        _ = try await store.insert(.make(owner: user), digest: digest, audit: nil)
        return (store, digest)
    }

    private func holds(_ digest: TokenDigest, _ path: String) async throws -> Bool {
        let store = try await SQLiteStore.open(path: path, migrate: false)
        defer { store.close() }
        return try await store.find(digest) != nil
    }

    private func names() throws -> Set<String> {
        var names: Set<String> = []
        guard let entries = opendir(directory.path(".")) else { return names }
        defer { closedir(entries) }
        while let entry = readdir(entries) {
            names.insert(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names.subtracting([".", ".."])
    }

    @Test func copyOfADatabaseInUseIsOneFileForItsOwner() async throws {
        let (store, digest) = try await populate()
        let size = try SQLiteBackup.write(database, to: copy, isReplacing: false)
        var status = stat()
        #expect(stat(copy, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(status.st_size == size)
        store.close()
        #expect(try names() == ["tessera.db", "copy"])
        #expect(try await holds(digest, copy))
    }

    @Test func copyIsOneStateWhileOthersWrite() async throws {
        let (store, _) = try await populate()
        let user = User.make()
        _ = try await store.add(user, passwordHash: "", audit: .make())
        let writing = Task {
            while !Task.isCancelled {
                // Each transaction writes two rows.
                _ = try await store.insert(.make(owner: user), digest: .make(), audit: .make())
            }
        }
        for _ in 1...20 {
            try SQLiteBackup.write(database, to: copy, isReplacing: true)
            let connection = try SQLiteDatabase(path: copy)
            let counts = try connection.read { connection in
                try connection.first(
                    "SELECT (SELECT count(*) FROM api_token), (SELECT count(*) FROM audit_event)"
                ) { row in
                    [try row.integer(0), try row.integer(1)]
                }
            }
            connection.close()
            // One token was stored without an event, two people with one event each.
            #expect(counts.map { $0[0] + 1 == $0[1] } == true)
        }
        writing.cancel()
        try await writing.value
        store.close()
    }

    @Test func existingFileIsKeptUnlessForced() async throws {
        let (store, _) = try await populate()
        try directory.write([1, 2, 3], to: "copy")
        let error = #expect(throws: StoreError.self) {
            try SQLiteBackup.write(database, to: copy, isReplacing: false)
        }
        #expect(error?.sentence == "\(copy) is there already; --force replaces it.")
        try SQLiteBackup.write(database, to: copy, isReplacing: true)
        #expect(throws: StoreError.self) {
            try SQLiteBackup.write(database, to: database, isReplacing: true)
        }
        store.close()
    }

    @Test func restoredDatabaseHoldsWhatTheCopyHolds() async throws {
        let (store, digest) = try await populate()
        try SQLiteBackup.write(database, to: copy, isReplacing: false)
        store.close()
        let later = try await SQLiteStore.open(path: database, migrate: false)
        let user = User.make()
        let lost = TokenDigest.make()
        _ = try await later.add(user, passwordHash: "", audit: .make())
        _ = try await later.insert(.make(owner: user), digest: lost, audit: nil)
        later.close()
        #expect(throws: StoreError.self) { try SQLiteBackup.restore(copy, to: database, isReplacing: false) }
        #expect(try await holds(lost, database))
        try SQLiteBackup.restore(copy, to: database, isReplacing: true)
        #expect(try await holds(digest, database))
        #expect(try await !holds(lost, database))
        #expect(try names() == ["tessera.db", "copy"])
    }

    /// SQLite would otherwise take the log of the old database for the log of the new one.
    @Test func logOfTheOldDatabaseIsNotAppliedToTheNewOne() async throws {
        let (store, digest) = try await populate()
        try SQLiteBackup.write(database, to: copy, isReplacing: false)
        store.close()
        unlink(database)
        for suffix in ["-wal", "-shm", "-journal"] {
            try directory.write([UInt8](repeating: 7, count: 5_000), to: "tessera.db\(suffix)")
        }
        try SQLiteBackup.restore(copy, to: database, isReplacing: false)
        #expect(try names() == ["tessera.db", "copy"])
        #expect(try await holds(digest, database))
    }

    @Test func emptyAndDamagedDatabasesCanBeReplaced() async throws {
        let (store, digest) = try await populate()
        try SQLiteBackup.write(database, to: copy, isReplacing: false)
        store.close()
        try directory.write([], to: "empty.db")
        try SQLiteBackup.restore(copy, to: directory.path("empty.db"), isReplacing: false)
        #expect(try await holds(digest, directory.path("empty.db")))
        try directory.write([UInt8](repeating: 7, count: 50_000), to: "tessera.db")
        #expect(throws: StoreError.self) { try SQLiteBackup.restore(copy, to: database, isReplacing: false) }
        try SQLiteBackup.restore(copy, to: database, isReplacing: true)
        #expect(try await holds(digest, database))
    }

    @Test func fileThatIsNoBackupChangesNothing() async throws {
        let (store, digest) = try await populate()
        try SQLiteBackup.write(database, to: copy, isReplacing: false)
        store.close()
        let foreign = try SQLiteDatabase(path: directory.path("foreign"))
        try await foreign.write { try $0.executeScript("CREATE TABLE note (text TEXT) STRICT") }
        foreign.close()
        try directory.write([UInt8](repeating: 7, count: 50_000), to: "letter")
        try damage(copy, as: "damaged")
        for name in ["nothing", "foreign", "letter", "damaged", "."] {
            #expect(throws: StoreError.self, "\(name)") {
                try SQLiteBackup.restore(directory.path(name), to: database, isReplacing: true)
            }
        }
        #expect(try await holds(digest, database))
        #expect(try names() == ["tessera.db", "copy", "foreign", "letter", "damaged"])
    }

    /// Copies a file and overwrites one page of a table or an index.
    private func damage(_ path: String, as name: String) throws {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
        for index in 4_096 * 3..<4_096 * 4 { bytes[index] = 7 }
        try directory.write(bytes, to: name)
    }
}
