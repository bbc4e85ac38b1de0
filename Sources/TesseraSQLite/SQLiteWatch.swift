import Glibc
import Synchronization
import TesseraDatabase

/// Looks for changes that other processes make to the file, and determines the time until which this process may use its
/// cached data.
///
/// It has a read-only connection and a thread. Neither waits for a lock that a writer holds, so another process that commits
/// constantly, or keeps its transaction open, does not delay a look. After each successful look, cached data is valid for
/// ``patience``. When no look succeeds in time, because the process was stopped or the machine is busy, every reader looks at
/// the file itself.
///
/// The connection cannot distinguish a commit of this process from one of another process. So this process commits through
/// the watch (``commit(_:)``), which compares again what it sees at that moment.
// Safe: all mutable state is accessed only with `lock` held.
final class SQLiteWatch: @unchecked Sendable {
    /// The time between two looks, in nanoseconds.
    static let interval: Int64 = 250_000_000
    /// The time for which a look is valid, in nanoseconds from its beginning. With some time for the request that is under
    /// way, this is the second that the documentation promises.
    static let patience: Int64 = 800_000_000
    /// The time until the next look after a failed one.
    private static let retryInterval: Int64 = 10_000_000
    /// The number of times that a look repeats, every 0.1 ms, while it may see a commit of this process.
    private static let attempts = 500

    let hearing: Hearing
    private let place: SQLiteFilePlace
    private let readers: SQLiteReaders
    /// The number of foreign changes that all observers know.
    private let told = Atomic<UInt64>(0)
    private let lock = Mutex<Void>(())

    // Guarded.
    /// `nil` once it is closed.
    private var connection: SQLiteConnection?
    /// The known version of the file, as the connection of the watch counts versions.
    private var version: Int64
    /// The known version as the connection of the writer counts them: its count rises only with changes by others.
    private var writerVersion: Int64
    /// The number of foreign changes that were seen.
    private var changes: UInt64 = 0
    private var ownCommit = OwnCommit.none
    private var handlers: [@Sendable () -> Void] = []
    /// Two ends of one connection: closing the second one ends the thread.
    private var wakeUp: (read: Int32, write: Int32) = (-1, -1)

    /// The progress of a commit of this process.
    private enum OwnCommit {
        case none, underWay
        /// The commit is done. All changes up to ``version`` were attributed to it, which may be too many.
        case counted
    }

    /// Takes the first look.
    ///
    /// - Parameters:
    ///   - connection: Only reads, and is used by nothing else.
    ///   - writer: The one connection over which this process changes the file.
    ///   - place: The names under which the file is found, at which the thread looks as well.
    ///   - hearing: Moved on by each look that succeeds. The readers ask it.
    init(
        _ connection: SQLiteConnection, beside writer: SQLiteConnection, at place: SQLiteFilePlace,
        _ hearing: Hearing, readers: SQLiteReaders
    ) throws {
        let instant = Hearing.now
        connection.waitForNoLock()
        version = try connection.dataVersion()
        writerVersion = try writer.dataVersion()
        self.connection = connection
        self.hearing = hearing
        self.place = place
        self.readers = readers
        hearing.extend(to: instant + Self.patience)
    }

    /// Starts the thread, which keeps the watch alive until ``close()``.
    func start() throws(StoreError) {
        var ends: [Int32] = [-1, -1]
        // A pair of sockets, since a pipe cannot be kept from programs that are started at this moment.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Self.noThread }
        let wakeUp = (read: ends[0], write: ends[1])
        lock.withLock { _ in self.wakeUp = wakeUp }
        guard BackgroundThread.run({ [self] in work(until: wakeUp.read) }) else {
            Glibc.close(wakeUp.read)
            throw Self.noThread
        }
    }

    /// Closes the connection and ends the thread. From then on, ``hearing`` is not moved on.
    func close() {
        let end = lock.withLock { _ in
            defer { wakeUp.write = -1 }
            connection = nil
            handlers = []
            return wakeUp.write
        }
        if end >= 0 { Glibc.close(end) }
    }

    /// Calls `handler` after another process has committed something, on any thread, which it must not keep.
    func observeForeignChanges(_ handler: @escaping @Sendable () -> Void) {
        lock.withLock { _ in handlers.append(handler) }
    }

    // MARK: Looking

    /// Looks at the file. Afterwards, no part of this process uses data from before a foreign change that preceded the call.
    func settle() {
        if look() { return }
        // A file that cannot be read counts as changed.
        lock.withLock { _ in changes += 1 }
        tellEverybody()
    }

    /// Informs all observers of the foreign changes that ``commit(_:)`` has seen.
    func tellEverybody() { tell(lock.withLock { _ in changes }) }

    /// Commits the changes of this process, which do not count as foreign.
    ///
    /// Another process may commit directly afterwards, and the watch at first attributes that commit to this process. The
    /// writer's connection can distinguish the two; until it was asked, no look succeeds.
    func commit(_ writer: SQLiteConnection) throws(StoreError) {
        lock.withLock { _ in ownCommit = .underWay }
        defer {
            lock.withLock { _ in
                if let present = try? connection?.dataVersion() { version = present }
                ownCommit = .counted
            }
            let seen = try? writer.dataVersion()
            lock.withLock { _ in
                if seen != writerVersion { changes += 1 }
                writerVersion = seen ?? writerVersion
                ownCommit = .none
            }
        }
        try writer.commit()
    }

    private enum Comparison {
        case settled(changes: UInt64)
        /// A change that was seen may be one of this process.
        case ambiguous
        case unreadable
    }

    /// Compares the version of the file with the known one.
    ///
    /// - Returns: `true` when the look succeeded. All observers then know the result.
    private func look() -> Bool {
        let instant = Hearing.now
        for _ in 0..<Self.attempts {
            switch lock.withLock({ _ in compare() }) {
            case .settled(let changes):
                tell(changes)
                hearing.extend(to: instant + Self.patience)
                return true
            case .ambiguous: usleep(100)
            case .unreadable: return false
            }
        }
        return false
    }

    private func compare() -> Comparison {
        guard let connection, let present = try? connection.dataVersion() else { return .unreadable }
        switch (present == version, ownCommit) {
        case (_, .counted), (false, .underWay): return .ambiguous
        case (true, .underWay), (true, .none): break
        case (false, .none):
            version = present
            changes += 1
        }
        return .settled(changes: changes)
    }

    /// Informs all observers of the foreign changes up to this number, unless they know already. Several threads may call it
    /// at once; no call returns before all observers know.
    private func tell(_ changes: UInt64) {
        guard told.load(ordering: .acquiring) < changes else { return }
        // First the readers, then the caches: what the caches read from now on must be the new state.
        readers.commits.raise()
        for handler in lock.withLock({ _ in handlers }) { handler() }
        told.max(changes, ordering: .acquiringAndReleasing)
    }

    // MARK: The thread

    private func work(until wakeUp: Int32) {
        var event = pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0)
        var (wait, waited): (Int64, Int64) = (Self.interval, 0)
        while poll(&event, 1, Int32(wait / 1_000_000)) <= 0 {
            waited += wait
            // All periodic looks at the file are here. They must not wait for a lock.
            wait = look() ? Self.interval : Self.retryInterval
            if waited >= Self.interval {
                waited = 0
                place.look()
                readers.rest()
            }
        }
        Glibc.close(wakeUp)
    }

    private static let noThread = StoreError(
        .unavailable, "The system has no thread for looking at the database.")
}
