import Glibc
import Synchronization
import TesseraCore
import TesseraTime

/// The read connections. They answer on the thread that asks; nobody waits for the writer.
///
/// A fresh read transaction for each look-up would cost more in file locks than the look-up itself (measured: 3.5 µs of
/// 8.8). So a reader keeps its transaction, and with it the state of the file it sees, until something is committed:
/// it remembers the count of commits from before its transaction began, and begins a new one when the count has gone
/// up. The writer raises the count after a commit and before it answers, so that every read that starts after a write
/// was answered sees it. What other processes commit is seen when the watch notices it (``SQLiteWatch``); at once by a
/// read that asks for the present state, and by a look-up that would find nothing (``find(_:)``). While the watch is late,
/// no transaction is kept: each read asks the file.
///
/// SQLite lets go of all it has mapped of the file when a new transaction sees another state, and each page costs a
/// fault again. Under load, notes of what was used are committed every second; so a look-up, which needs none of them,
/// keeps the transaction over such commits, for some seconds.
final class SQLiteReaders: Sendable {
    /// Which state of the file a read sees. Each holds every change that this process was answered.
    enum View {
        /// The one that everybody's commits have led to when the read begins.
        case present
        /// One in which commits of other processes may be missing for as long as the watch takes to notice them.
        case answered
        /// The same, but that the youngest notes (``SQLiteWriter/write(isNote:_:)``) may be missing as well.
        case answeredBesidesNotes
    }

    /// How many commits there have been, of this process or noticed of another.
    let commits: CommitCount
    private let readers: [SQLiteReader]

    /// - Parameter connections: At least one.
    init(_ connections: [SQLiteReader], commits: CommitCount) {
        readers = connections
        self.commits = commits
    }

    /// Runs `body` with the first reader that is free, beginning at the one that this thread likes best.
    func read<Value: Sendable>(
        _ view: View, _ body: (SQLiteConnection) throws -> Value
    ) throws -> Value {
        let favourite = favourite
        for offset in 0..<readers.count {
            let reader = readers[(favourite + offset) % readers.count]
            if let value = try reader.readIfFree(view, commits, body) { return value }
        }
        return try readers[favourite].read(view, commits, body)
    }

    /// Reads in a state that may lack the youngest notes; where `body` finds nothing, and what it saw is a while old, it
    /// runs once more on the present state. What another process has just made is found this way, and a flood of
    /// look-ups for what is not there still pays for a fresh transaction only now and then.
    func find<Value: Sendable>(
        _ body: (SQLiteConnection) throws -> Value?
    ) throws -> Value? {
        let favourite = favourite
        for offset in 0..<readers.count {
            let reader = readers[(favourite + offset) % readers.count]
            if let value = try reader.findIfFree(commits, body) { return value }
        }
        return try readers[favourite].find(commits, body)
    }

    /// Ends the transactions that are kept open, so that the log can be carried over, and a foreign commit be seen.
    func endSnapshots() {
        for reader in readers { reader.endSnapshot() }
    }

    /// Called at each ``SQLiteWatch/interval``: ends the transactions of readers that are not used, and lets go of what
    /// they have mapped into memory. Waits for no reader.
    func rest() {
        for reader in readers { reader.rest() }
    }

    /// Closes the connections; every later read throws.
    func close() {
        for reader in readers { reader.close() }
    }

    /// The same for the same thread, so that each thread keeps to its own reader while there are enough of them.
    private var favourite: Int {
        // The addresses of threads lie whole pages apart; the product spreads them.
        let address = UInt64(UInt(pthread_self()))
        return Int((address &* 0x9E37_79B9_7F4A_7C15) >> 33) % readers.count
    }
}

/// How many commits there have been.
final class CommitCount: Sendable {
    private let all = Atomic<UInt64>(0)
    private let besidesNotes = Atomic<UInt64>(0)

    /// Both counts at some moment.
    struct Value: Equatable {
        let all: UInt64
        /// Without those that held nothing but notes.
        let besidesNotes: UInt64
    }

    var value: Value {
        Value(
            all: all.load(ordering: .acquiring), besidesNotes: besidesNotes.load(ordering: .acquiring))
    }

    /// - Parameter isNote: Whether nothing but notes was committed.
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
    /// When the open transaction began, on the clock of ``Hearing``.
    private var begun: Int64 = 0
    /// Until when a transaction that was kept open may be believed.
    private let hearing: Hearing
    /// Whether transactions are kept open. Not for a database in memory, whose one connection also writes.
    private let keepsSnapshots: Bool
    /// How old a transaction must be for ``find(_:_:)`` to look once more with a new one, in nanoseconds.
    private let doubtfulAge: Int64
    /// How much of the file is mapped into memory while somebody reads, in bytes.
    private let mappedBytes: Int
    private var isMapped = false
    /// How often ``rest()`` was called since somebody read.
    private var restingRounds = 0
    /// After how many rounds the file is unmapped: where the cache answers nearly everything, it need not be resident a
    /// second time.
    private let roundsBeforeUnmapping: Int
    /// How old a transaction may be that is kept over notes, in nanoseconds.
    private let notesAfter: Int64

    /// A reader of a file.
    init(_ connection: SQLiteConnection, _ hearing: Hearing, _ options: SQLiteDatabase.Options) {
        self.connection = connection
        self.hearing = hearing
        keepsSnapshots = true
        doubtfulAge = options.doubtfulAge.wholeNanoseconds
        mappedBytes = options.mappedBytes
        roundsBeforeUnmapping = Int(options.unmappedAfter.wholeNanoseconds / SQLiteWatch.interval)
        notesAfter = options.notesAfter.wholeNanoseconds
    }

    /// The only connection to a database in memory.
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
    func read<Value: Sendable>(
        _ view: SQLiteReaders.View, _ commits: CommitCount, _ body: (SQLiteConnection) throws -> Value
    ) throws -> Value {
        try lock.withLock { _ in try locked(view, commits, body) }
    }

    /// Runs `body`, or returns `nil` when somebody else holds the lock.
    func readIfFree<Value: Sendable>(
        _ view: SQLiteReaders.View, _ commits: CommitCount, _ body: (SQLiteConnection) throws -> Value
    ) throws -> Value? {
        try lock.withLockIfAvailable { _ in try locked(view, commits, body) }
    }

    /// Runs `body`, after waiting for the lock, and once more when it found nothing in an old state.
    func find<Value: Sendable>(
        _ commits: CommitCount, _ body: (SQLiteConnection) throws -> Value?
    ) throws -> Value? {
        try lock.withLock { _ in try findLocked(commits, body) }
    }

    /// The same, or `nil` when somebody else holds the lock.
    func findIfFree<Value: Sendable>(
        _ commits: CommitCount, _ body: (SQLiteConnection) throws -> Value?
    ) throws -> Value?? {
        try lock.withLockIfAvailable { _ in try findLocked(commits, body) }
    }

    func endSnapshot() {
        lock.withLock { _ in endLocked() }
    }

    func rest() {
        // A reader that is asked at this moment does not rest.
        _ = lock.withLockIfAvailable { _ in
            restingRounds += 1
            // One round lies behind the last use of a reader in use.
            if restingRounds > 1 { endLocked() }
            guard isMapped, restingRounds > roundsBeforeUnmapping else { return }
            // What fails here fails for whoever reads next, who can tell somebody.
            isMapped = (try? connection?.map(0)) == nil
        }
    }

    func close() {
        lock.withLock { _ in
            endLocked()
            connection = nil
        }
    }

    /// Runs `body` with the connection while nobody reads. For the writer of a database in memory.
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

    /// Whether the open transaction shows all that this view has to.
    private func shows(_ view: SQLiteReaders.View, _ commits: CommitCount.Value, _ now: Int64) -> Bool {
        guard let snapshot, hearing.isCertain(at: now) else { return false }
        return switch view {
        case .present: false
        case .answered: snapshot == commits
        case .answeredBesidesNotes:
            snapshot == commits || snapshot.besidesNotes == commits.besidesNotes && now - begun < notesAfter
        }
    }

    private func findLocked<Value>(
        _ commits: CommitCount, _ body: (SQLiteConnection) throws -> Value?
    ) throws -> Value? {
        if let value = try locked(.answeredBesidesNotes, commits, body) { return value }
        guard keepsSnapshots, Hearing.now - begun >= doubtfulAge else { return nil }
        return try locked(.present, commits, body)
    }

    private func endLocked() {
        guard snapshot != nil else { return }
        snapshot = nil
        connection?.rollBack()
    }
}
