import Glibc
import Synchronization
import TesseraDatabase

/// Looks whether other processes have changed the file, and says until when the rest of this process may believe what it
/// remembers of it.
///
/// It has a connection that only reads, and a thread. Neither ever waits for a lock that a writer holds, so that another
/// process that commits all the time, or holds its transaction open, does not delay a look. After each look that succeeds,
/// what is remembered is believed for ``patience``; when no look succeeds in time, because the process was stopped or the
/// machine is busy, every reader asks the file itself.
///
/// The connection sees a commit of this process as it sees those of others. So this process commits by way of the watch
/// (``commit(_:)``), and what is seen at that moment is looked at once more.
// Safe: everything that changes is touched only with `lock` held.
final class SQLiteWatch: @unchecked Sendable {
    /// How often it looks, in nanoseconds.
    static let interval: Int64 = 250_000_000
    /// How long a look is believed, in nanoseconds, counted from its beginning. Together with some room for the request
    /// that is under way, this is the second that the documentation promises.
    static let patience: Int64 = 800_000_000
    /// The time until the next look after one that has failed.
    private static let retryInterval: Int64 = 10_000_000
    /// How often a look is repeated while a commit of this process may be what it sees, after 0.1 ms each.
    private static let attempts = 500

    let hearing: Hearing
    private let place: SQLiteFilePlace
    private let readers: SQLiteReaders
    /// How many foreign changes everybody has been told of.
    private let told = Atomic<UInt64>(0)
    private let lock = Mutex<Void>(())

    // Guarded.
    /// `nil` once it is closed.
    private var connection: SQLiteConnection?
    /// The state of the file that is known here, as the connection of the watch counts states.
    private var version: Int64
    /// The same, as the connection of the writer counts them: it sees changes by others alone.
    private var writerVersion: Int64
    /// How many foreign changes were seen.
    private var changes: UInt64 = 0
    private var ownCommit = OwnCommit.none
    private var handlers: [@Sendable () -> Void] = []
    /// Two ends of one connection: closing the second one ends the thread.
    private var wakeUp: (read: Int32, write: Int32) = (-1, -1)

    /// How far a commit of this process is.
    private enum OwnCommit {
        case none, underWay
        /// It is done, and everything up to ``version`` was taken for it, which may be too much.
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

    /// Looks at the file. After that, nothing in this process believes what was so before another one had changed it, as far
    /// as that was before the call.
    func settle() {
        if look() { return }
        // What cannot be seen counts as changed.
        lock.withLock { _ in changes += 1 }
        tellEverybody()
    }

    /// Tells everybody of the foreign changes that ``commit(_:)`` has seen.
    func tellEverybody() { tell(lock.withLock { _ in changes }) }

    /// Commits what this process has written, which counts as no foreign change.
    ///
    /// Another process may commit right behind it, and be taken for this one at first. The writer's connection tells them
    /// apart; until it was asked, no look succeeds.
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

    /// - Returns: Whether the look has succeeded. Then everybody was told of what it has found.
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

    /// Tells everybody of the foreign changes up to this number, unless that was done. Several threads may do it at once;
    /// none returns before it is done.
    private func tell(_ changes: UInt64) {
        guard told.load(ordering: .acquiring) < changes else { return }
        // First the readers, then those who remember something: what they read now must be the new state.
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
            // Everything that looks at the file from time to time has its place here. It must not wait for a lock.
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
