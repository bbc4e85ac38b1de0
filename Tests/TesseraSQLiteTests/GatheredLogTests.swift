import Glibc
import TesseraCore
import TesseraTestKit
import Testing

@testable import TesseraSQLite

/// The layer that gathers writes to the log, on separate connections. The tests examine the files, which are all that
/// another process and the next start can see.
@Suite struct GatheredLogTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path("test.db") }
    /// The sizes of the log's header and of a frame in bytes (SQLite's "WAL-mode File Format").
    private static let (header, frame) = (32, 24 + 4_096)

    init() throws { directory = try TemporaryDirectory() }

    private func open(gathersLog: Bool = true) throws -> SQLiteConnection {
        if access(path, F_OK) != 0 { try directory.write([], to: "test.db") }
        let connection = try SQLiteConnection(path: path, access: .writing, gathersLog: gathersLog)
        try connection.executeScript(
            """
            PRAGMA synchronous = FULL; PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;
            PRAGMA wal_autocheckpoint = 0;
            CREATE TABLE IF NOT EXISTS note (number INTEGER PRIMARY KEY, filling BLOB) STRICT;
            """)
        connection.watchWriteAheadLog()
        return connection
    }

    /// Each row fills a page.
    private func insert(_ numbers: ClosedRange<Int>, _ connection: SQLiteConnection) throws {
        for number in numbers {
            try connection.execute("INSERT INTO note VALUES (?, zeroblob(3000))", [.integer(number)])
        }
    }

    private func count(_ connection: SQLiteConnection) throws -> Int64? {
        try connection.first("SELECT count(*) FROM note") { try $0.integer(0) }
    }

    private var logSize: Int {
        var status = stat()
        return stat(path + "-wal", &status) == 0 ? Int(status.st_size) : 0
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 24)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
        return bytes
    }

    /// The number of rows that the next start would find if the process died now.
    private func countAfterADeath() throws -> Int64? {
        try directory.write(try bytes(path), to: "found.db")
        try directory.write(try bytes(path + "-wal"), to: "found.db-wal")
        let found = try SQLiteConnection(path: directory.path("found.db"), access: .writing)
        #expect(try found.query("PRAGMA integrity_check") { try $0.text(0) } == ["ok"])
        return try count(found)
    }

    /// Commits of one page, of the most that is gathered (31 frames and the header), of one more, and of many times that.
    @Test(arguments: [1, 28, 29, 30, 31, 32, 33, 62, 500])
    func everyFrameIsInTheFileWhenACommitIsDone(_ pages: Int) throws {
        let connection = try open()
        try connection.beginWriting()
        try insert(1...pages, connection)
        try connection.commit()
        #expect(logSize == Self.header + connection.writeAheadLogFrames * Self.frame)
        #expect(try countAfterADeath() == Int64(pages))
        let other = try SQLiteConnection(path: path, access: .reading)
        #expect(try count(other) == Int64(pages))
    }

    @Test func logIsTheSameAsWithoutIt() throws {
        func log(gathersLog: Bool) throws -> [UInt8] {
            for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
            let connection = try open(gathersLog: gathersLog)
            for round in 0..<20 {
                try connection.beginWriting()
                try insert(round * 10 + 1...round * 10 + 1 + round % 7, connection)
                try connection.commit()
            }
            return try bytes(path + "-wal")
        }
        // Except the random salts and the checksums that depend on them: bytes 16–31 of the header, 8–23 of a frame.
        func pages(_ log: [UInt8]) -> [[UInt8]] {
            stride(from: Self.header, to: log.count, by: Self.frame).map { start in
                Array(log[start..<start + 8] + log[start + 24..<start + Self.frame])
            }
        }
        let (gathered, plain) = (try log(gathersLog: true), try log(gathersLog: false))
        #expect(gathered.count == plain.count)
        #expect(pages(gathered) == pages(plain))
    }

    /// With a small page cache, SQLite writes frames before the commit and reads them again.
    @Test func changeReadsItsOwnGatheredFrames() throws {
        let connection = try open()
        try connection.executeScript("PRAGMA cache_size = 10; PRAGMA cache_spill = 10")
        try connection.beginWriting()
        for round in 0..<40 {
            try insert(round * 10 + 1...round * 10 + 10, connection)
            #expect(try count(connection) == Int64(round * 10 + 10))
        }
        try connection.commit()
        #expect(try countAfterADeath() == 400)
    }

    @Test func undoneChangeLeavesNoFramesToWriteLater() throws {
        let (connection, other) = (try open(), try open(gathersLog: false))
        try connection.executeScript("PRAGMA cache_size = 10; PRAGMA cache_spill = 10")
        for round in 0..<30 {
            try connection.beginWriting()
            try insert(10_000...10_000 + round, connection)
            connection.rollBack()
            // This change writes its frames to the same places.
            try other.beginWriting()
            try insert(round * 3 + 1...round * 3 + 3, other)
            try other.commit()
            // Each of these would write the gathered frames, if they still existed.
            #expect(try count(connection) == Int64(round * 3 + 3))
            #expect(try countAfterADeath() == Int64(round * 3 + 3))
        }
    }

    @Test func undoneSavepointRemovesItsFrames() throws {
        let connection = try open()
        try connection.executeScript("PRAGMA cache_size = 10; PRAGMA cache_spill = 10")
        try connection.beginWriting()
        for round in 0..<20 {
            try insert(round * 10 + 1...round * 10 + 5, connection)
            try connection.setSavepoint()
            try insert(round * 10 + 6...round * 10 + 10, connection)
            try connection.rollBackToSavepoint()
        }
        try connection.commit()
        #expect(try count(connection) == 100)
        #expect(try countAfterADeath() == 100)
    }

    @Test func logRestartsAfterACheckpoint() throws {
        let connection = try open()
        for round in 0..<10 {
            try connection.beginWriting()
            try insert(round * 40 + 1...round * 40 + 40, connection)
            try connection.commit()
            #expect(connection.checkpoint() == .complete)
            #expect(try countAfterADeath() == Int64(round * 40 + 40))
        }
        #expect(logSize < 100 * Self.frame)
    }

    @Test func connectionClosedWithinAChangeLeavesNothingOfIt() throws {
        var connection: SQLiteConnection? = try open()
        try connection?.executeScript("PRAGMA cache_size = 10; PRAGMA cache_spill = 10")
        try connection?.beginWriting()
        try insert(1...200, #require(connection))
        connection = nil
        #expect(try count(try open()) == 0)
    }

    /// Without the sync of each commit, other processes would learn of frames that are not in the file yet.
    @Test(arguments: ["OFF", "NORMAL"])
    func commitWithoutASyncIsRefused(_ level: String) throws {
        let connection = try open()
        try connection.executeScript("PRAGMA synchronous = \(level)")
        try connection.beginWriting()
        try insert(1...1, connection)
        let error = #expect(throws: StoreError.self) { try connection.commit() }
        #expect(error?.code == .unavailable)
        connection.rollBack()
        #expect(try count(connection) == 0)
        try connection.executeScript("PRAGMA synchronous = FULL")
        try connection.beginWriting()
        try insert(1...1, connection)
        try connection.commit()
        #expect(try count(connection) == 1)
    }
}
