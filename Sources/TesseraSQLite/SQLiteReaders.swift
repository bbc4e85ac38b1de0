import Glibc
import Synchronization
import TesseraDatabase
import TesseraTime

/// The read connections. They run on the calling thread and never wait for the writer.
///
/// A new read transaction for each look-up would cost more in file locks than the look-up itself (measured: 3.5 µs of
/// 8.8). So a reader keeps its transaction, and with it one state of the file, until the next commit: it records the count
/// of commits from before its transaction began, and begins a new transaction when the count has risen. The writer raises
/// the count after a commit and before its answer, so every read that starts after that answer sees the change. Commits of
/// other processes become visible when the watch notices them (``SQLiteWatch``); a read of the present state and a look-up
/// without a result (``find(_:)``) see them at once. While the watch is late, no transaction is kept, and each read looks at
/// the file.
///
/// When a new transaction sees another state, SQLite drops its mapping of the file, and each page costs a page fault again.
/// Under load, notes of used tokens are committed every second. A look-up needs none of them, so it keeps its transaction
/// over such commits for some seconds.
final class SQLiteReaders: Sendable {
    /// The state of the file that a read sees. Each one contains all changes of this process that were answered.
    enum View {
        /// The state at the beginning of the read, with all commits of all processes.
        case present
        /// A state that may lack commits of other processes until the watch notices them.
        case answered
        /// A state that may also lack the newest notes (``SQLiteWriter/write(isNote:_:)``).
        case answeredBesidesNotes
    }

    /// The count of commits of this process, and of those of other processes that the watch has noticed.
    let commits: CommitCount
    private let readers: [SQLiteReader]

    /// - Parameter connections: At least one.
    init(_ connections: [SQLiteReader], commits: CommitCount) {
        readers = connections
        self.commits = commits
    }

    /// Runs `body` with the first free reader, beginning at the preferred one of this thread.
    func read(_ view: View, _ body: (SQLiteConnection) throws -> Void) throws {
        let favourite = favourite
        for offset in 0..<readers.count {
            let reader = readers[(favourite + offset) % readers.count]
            if try reader.readIfFree(view, commits, body) { return }
        }
        try readers[favourite].read(view, commits, body)
    }

    /// Reads in a state that may lack the newest notes. When `body` finds nothing and that state has some age, `body` runs
    /// once more on the present state. So it finds a row that another process has just created, and a flood of look-ups
    /// for missing rows still needs a new transaction only now and then.
    ///
    /// - Parameter body: Returns `true` when it has found what it looks for.
    func find(_ body: (SQLiteConnection) throws -> Bool) throws {
        let favourite = favourite
        for offset in 0..<readers.count {
            let reader = readers[(favourite + offset) % readers.count]
            if try reader.findIfFree(commits, body) { return }
        }
        try readers[favourite].find(commits, body)
    }

    /// Ends the kept transactions, so that a checkpoint can finish and a foreign commit becomes visible.
    func endSnapshots() {
        for reader in readers { reader.endSnapshot() }
    }

    /// Ends the transactions of idle readers and unmaps their files. Called at each ``SQLiteWatch/interval``; it never waits
    /// for a reader.
    func rest() {
        for reader in readers { reader.rest() }
    }

    /// Closes the connections; every later read throws.
    func close() {
        for reader in readers { reader.close() }
    }

    /// The preferred reader of this thread, so that each thread keeps its own reader while there are enough of them.
    private var favourite: Int {
        // The addresses of threads lie whole pages apart; the product spreads them.
        let address = UInt64(UInt(pthread_self()))
        return Int((address &* 0x9E37_79B9_7F4A_7C15) >> 33) % readers.count
    }
}

/// The number of commits.
final class CommitCount: Sendable {
    private let all = Atomic<UInt64>(0)
    private let besidesNotes = Atomic<UInt64>(0)

    /// Both counts at one moment.
    struct Value: Equatable {
        let all: UInt64
        /// The number of commits that contained more than notes.
        let besidesNotes: UInt64
    }

    var value: Value {
        Value(
            all: all.load(ordering: .acquiring), besidesNotes: besidesNotes.load(ordering: .acquiring))
    }

    /// Counts a commit.
    ///
    /// - Parameter isNote: `true` when the commit contained only notes.
    func raise(isNote: Bool = false) {
        if !isNote { besidesNotes.wrappingAdd(1, ordering: .releasing) }
        all.wrappingAdd(1, ordering: .releasing)
    }
}

/// One read connection behind its lock.
// Safe: `connection` and `snapshot` are touched only with `lock` held.
final class SQLiteReader: @unchecked Sendable {
    private let lock = Mutex<Void>(())
    private var connection: SQLiteConnection?
    /// The count of commits from just before the open transaction began; `nil` when none is open.
    private var snapshot: CommitCount.Value?
    /// The beginning of the open transaction, on the clock of ``Hearing``.
    private var begun: Int64 = 0
    /// The instant until which a kept transaction is valid.
    private let hearing: Hearing
    /// Indicates that transactions are kept open; `false` for a database in memory, whose only connection also writes.
    private let keepsSnapshots: Bool
    /// The age of a transaction from which ``find(_:_:)`` repeats with a new one, in nanoseconds.
    private let doubtfulAge: Int64
    /// The number of bytes of the file that are mapped while the reader is in use.
    private let mappedBytes: Int
    private var isMapped = false
    /// The number of calls of ``rest()`` since the last read.
    private var restingRounds = 0
    /// The number of rounds after which the file is unmapped: where the cache answers nearly all checks, the file need not be
    /// resident a second time.
    private let roundsBeforeUnmapping: Int
    /// The largest age of a transaction that is kept over commits of notes, in nanoseconds.
    private let notesAfter: Int64

    /// Creates a reader of a file.
    init(_ connection: SQLiteConnection, _ hearing: Hearing, _ options: SQLiteDatabase.Options) {
        self.connection = connection
        self.hearing = hearing
        keepsSnapshots = true
        doubtfulAge = options.doubtfulAge.wholeNanoseconds
        mappedBytes = options.mappedBytes
        roundsBeforeUnmapping = Int(options.unmappedAfter.wholeNanoseconds / SQLiteWatch.interval)
        notesAfter = options.notesAfter.wholeNanoseconds
    }

    /// Creates the reader of a database in memory, which has one connection.
    init(inMemory connection: SQLiteConnection) {
        self.connection = connection
        hearing = Hearing()
        keepsSnapshots = false
        doubtfulAge = 0
        mappedBytes = 0
        roundsBeforeUnmapping = 0
        notesAfter = 0
    }

    /// Runs `body`, after waiting for the lock.
    func read(
        _ view: SQLiteReaders.View, _ commits: CommitCount, _ body: (SQLiteConnection) throws -> Void
    ) throws {
        try lock.withLock { _ in try locked(view, commits, body) }
    }

    /// Runs `body`, unless another thread holds the lock.
    ///
    /// - Returns: `true` when it ran.
    func readIfFree(
        _ view: SQLiteReaders.View, _ commits: CommitCount, _ body: (SQLiteConnection) throws -> Void
    ) throws -> Bool {
        try lock.withLockIfAvailable { _ in try locked(view, commits, body) } != nil
    }

    /// Runs `body`, after waiting for the lock, and once more when it found nothing in an old state.
    func find(_ commits: CommitCount, _ body: (SQLiteConnection) throws -> Bool) throws {
        try lock.withLock { _ in try findLocked(commits, body) }
    }

    /// Runs `body` as ``find(_:_:)`` does, unless another thread holds the lock.
    ///
    /// - Returns: `true` when it ran.
    func findIfFree(_ commits: CommitCount, _ body: (SQLiteConnection) throws -> Bool) throws -> Bool {
        try lock.withLockIfAvailable { _ in try findLocked(commits, body) } != nil
    }

    /// Ends the transaction that is kept open.
    func endSnapshot() {
        lock.withLock { _ in endLocked() }
    }

    func rest() {
        // A reader that is in use at this moment does not rest.
        _ = lock.withLockIfAvailable { _ in
            restingRounds += 1
            // A reader in use has at most one round since its last use.
            if restingRounds > 1 { endLocked() }
            guard isMapped, restingRounds > roundsBeforeUnmapping else { return }
            // Ignores the error: the next read meets it again and reports it.
            isMapped = (try? connection?.map(0)) == nil
        }
    }

    func close() {
        lock.withLock { _ in
            endLocked()
            connection = nil
        }
    }

    /// Runs `body` with the connection while no read uses it. For the writer of a database in memory.
    func withConnection(_ body: (SQLiteConnection) -> Void) {
        lock.withLock { _ in
            if let connection { body(connection) }
        }
    }

    private func locked<Value>(
        _ view: SQLiteReaders.View, _ commits: CommitCount, _ body: (SQLiteConnection) throws -> Value
    ) throws -> Value {
        guard let connection else { throw StoreError(.unavailable, "The database is closed.") }
        guard keepsSnapshots else { return try body(connection) }
        restingRounds = 0
        if !isMapped, mappedBytes > 0 {
            endLocked()
            try connection.map(mappedBytes)
            isMapped = true
        }
        let current = commits.value
        // Read with the lock held: waiting for it may have taken any time.
        let now = Hearing.now
        if !shows(view, current, now) {
            endLocked()
            // The count was read before: the first query fixes what is seen, which is that state or a later one.
            try connection.beginReading()
            snapshot = current
            begun = now
        }
        do {
            return try body(connection)
        } catch {
            endLocked()
            throw error
        }
    }

    /// Reports whether the open transaction contains all changes that the view requires.
    private func shows(_ view: SQLiteReaders.View, _ commits: CommitCount.Value, _ now: Int64) -> Bool {
        guard let snapshot, hearing.isCertain(at: now) else { return false }
        return switch view {
        case .present: false
        case .answered: snapshot == commits
        case .answeredBesidesNotes:
            snapshot == commits || snapshot.besidesNotes == commits.besidesNotes && now - begun < notesAfter
        }
    }

    private func findLocked(_ commits: CommitCount, _ body: (SQLiteConnection) throws -> Bool) throws {
        if try locked(.answeredBesidesNotes, commits, body) { return }
        guard keepsSnapshots, Hearing.now - begun >= doubtfulAge else { return }
        _ = try locked(.present, commits, body)
    }

    private func endLocked() {
        guard snapshot != nil else { return }
        snapshot = nil
        connection?.rollBack()
    }
}
