import Glibc
import Synchronization
import TesseraCore
import TesseraDatabase
import TesseraTestKit
import Testing

@testable import TesseraSQLite

/// Changes of other processes, and the time for which this process may assume that there are none. A second database
/// on the same file acts as another process: SQLite makes no difference between them.
@Suite struct SQLiteWatchTests {
    private let directory: TemporaryDirectory
    private let here: SQLiteDatabase
    private let there: SQLiteDatabase

    init() async throws {
        directory = try TemporaryDirectory()
        let path = directory.path("test.db")
        here = try SQLiteDatabase(path: path, options: .init(readerCount: 1, notesAfter: .seconds(3_600)))
        there = try SQLiteDatabase(path: path)
        try await there.write { connection in
            try connection.executeScript(
                "CREATE TABLE note (number INTEGER) STRICT; INSERT INTO note VALUES (0)")
        }
        here.settle()
    }

    private var isCertain: Bool { here.hearsForeignChanges?() ?? true }

    private static func number(_ connection: SQLiteConnection) throws -> Int64? {
        try connection.first("SELECT number FROM note") { try $0.integer(0) }
    }

    /// The number that the look-up of a check reads.
    private func look() throws -> Int64? { try here.find(Self.number) }

    private func change(to number: Int) async throws {
        try await there.write { try $0.execute("UPDATE note SET number = ?", [.integer(number)]) }
    }

    /// Blocks the first thread that reports a foreign change, the thread of the watch, until `body` is done.
    private func withBlockedWatch(_ body: () async throws -> Void) async throws {
        let (isBlocked, isFree) = (Flag(), Flag())
        here.observeForeignChanges {
            guard !isBlocked.value.exchange(true, ordering: .acquiringAndReleasing) else { return }
            while !isFree.value.load(ordering: .acquiring) { usleep(1_000) }
        }
        defer { isFree.value.store(true, ordering: .releasing) }
        try await change(to: -1)
        while !isBlocked.value.load(ordering: .acquiring) { await Task.yield() }
        try await body()
    }

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    private final class Counter: Sendable {
        let value = Atomic(0)
    }

    // MARK: Certainty

    @Test func aLookIsValidForLessThanASecond() async throws {
        for _ in 1...20 {
            #expect(!here.hearing.isCertain(at: Hearing.now + SQLiteWatch.patience))
            here.settle()
        }
        #expect(SQLiteWatch.patience < 1_000_000_000)
        #expect(here.hearing.isCertain(at: Hearing.now + SQLiteWatch.patience - 400_000_000))
    }

    @Test func certaintyLastsWhileTheWatchLooks() async throws {
        let start = Hearing.now
        while !here.hearing.isCertain(at: start + 2 * SQLiteWatch.patience) { await Task.yield() }
    }

    @Test func whileTheWatchIsLateEachLookUpAsksTheFile() async throws {
        try await withBlockedWatch {
            while isCertain { await Task.yield() }
            for number in 1...50 {
                try await change(to: number)
                #expect(try look() == Int64(number))
                #expect(try here.read(Self.number) == Int64(number))
            }
            #expect(!isCertain)
        }
        while !isCertain { await Task.yield() }
    }

    @Test func databaseInMemoryIsAlwaysCertain() throws {
        #expect(try SQLiteDatabase.inMemory().hearsForeignChanges == nil)
        #expect(Hearing().isCertain)
    }

    @Test func certaintyNeverDecreases() {
        let hearing = Hearing(until: 0)
        #expect(!hearing.isCertain)
        hearing.extend(to: 100)
        hearing.extend(to: 50)
        #expect(hearing.isCertain(at: 99))
        #expect(!hearing.isCertain(at: 100))
        let forEver = Hearing()
        forEver.extend(to: 100)
        #expect(!forEver.isCertain(at: 100))
    }

    @Test func nothingIsCertainAfterClosing() async throws {
        here.close()
        while isCertain { await Task.yield() }
        here.settle()
        #expect(!isCertain)
    }

    // MARK: Other writers

    @Test func aWriterThatHoldsTheLockDelaysNoLook() async throws {
        let other = try SQLiteConnection(path: directory.path("test.db"), access: .writing)
        try other.beginWriting()
        let start = Hearing.now
        // This change waits for the lock for five seconds, on the writer's thread. A busy machine may take longer.
        let waiting = Task.immediate {
            while true {
                do {
                    return try await here.write { try $0.execute("UPDATE note SET number = 5") }
                } catch let error as StoreError where error.code == .unavailable {
                    await Task.yield()
                }
            }
        }
        let end = start + 2 * SQLiteWatch.patience
        while !here.hearing.isCertain(at: end), Hearing.now < end { await Task.yield() }
        #expect(here.hearing.isCertain(at: end))
        #expect(try look() == 0)
        try other.execute("UPDATE note SET number = 3")
        try other.commit()
        while try look() == 0 { await Task.yield() }
        _ = try await waiting.value
        #expect(try look() == 5)
    }

    @Test func commitsWithoutAPauseDelayNoLook() async throws {
        let numbers = Counter()
        let writing = Task {
            while !Task.isCancelled {
                let number = numbers.value.wrappingAdd(1, ordering: .relaxed).newValue
                try await change(to: number)
            }
        }
        let start = Hearing.now
        while Hearing.now < start + 1_500_000_000 {
            let before = Int64(numbers.value.load(ordering: .relaxed) - 1)
            if before > 0 {
                here.settle()
                #expect(try #require(try look()) >= before)
            }
            await Task.yield()
        }
        writing.cancel()
        try await writing.value
        here.settle()
        #expect(isCertain)
    }

    // MARK: Foreign or not

    @Test func aForeignChangeIsSeenAfterSettling() async throws {
        for number in 1...50 {
            _ = try look()
            try await change(to: number)
            here.settle()
            #expect(try look() == Int64(number))
        }
    }

    @Test func aForeignChangeIsReportedBeforeAnAnswerThatChangesNothing() async throws {
        let told = Counter()
        here.observeForeignChanges { told.value.add(1, ordering: .relaxed) }
        for number in 1...50 {
            _ = try look()
            let before = told.value.load(ordering: .relaxed)
            try await change(to: number)
            #expect(try await here.write(Self.number) == Int64(number))
            #expect(told.value.load(ordering: .relaxed) > before)
            #expect(try look() == Int64(number))
        }
    }

    @Test func aForeignChangeIsReportedBeforeANoteIsConfirmed() async throws {
        for number in 1...50 {
            _ = try look()
            try await change(to: number)
            try await here.note(Self.number)
            #expect(try look() == Int64(number))
        }
    }

    @Test func ownCommitsAreNeverForeign() async throws {
        // The writer has not yet seen the changes from the beginning.
        try await here.write { try $0.execute("UPDATE note SET number = 0") }
        let told = Counter()
        here.observeForeignChanges { told.value.add(1, ordering: .relaxed) }
        let looking = Task {
            while !Task.isCancelled {
                here.settle()
                try? await Task.sleep(for: .microseconds(200))
            }
        }
        for number in 1...1_000 {
            try await here.write { try $0.execute("UPDATE note SET number = ?", [.integer(number)]) }
        }
        looking.cancel()
        await looking.value
        #expect(told.value.load(ordering: .relaxed) == 0)
    }

    @Test func ownAndForeignCommitsInAnyOrderAreAllSeen() async throws {
        let last = Counter()
        let path = directory.path("test.db")
        let foreign = Task {
            let other = try SQLiteDatabase(path: path)
            try await other.write { try $0.executeScript("CREATE TABLE other (number INTEGER) STRICT") }
            try await other.write { try $0.execute("INSERT INTO other VALUES (0)") }
            for number in 1...1_000 {
                try await other.write { try $0.execute("UPDATE other SET number = ?", [.integer(number)]) }
                last.value.store(number, ordering: .releasing)
            }
        }
        var number = 0
        while number < 1_000 {
            number = last.value.load(ordering: .acquiring)
            try await here.write { try $0.execute("UPDATE note SET number = number + 1") }
            guard number > 0 else { continue }
            let seen = try here.find { connection in
                try connection.first("SELECT number FROM other") { try $0.integer(0) }
            }
            #expect(try #require(seen) >= Int64(number))
        }
        try await foreign.value
    }
}
