import Glibc
import Synchronization
public import TesseraDatabase

/// The only thread that writes. It commits all waiting changes together, so that they share one `fsync`.
///
/// A failed change is undone and does not affect the others: the group runs once more, each change in a savepoint of its
/// own. No caller gets its answer before the commit is durable. When the commit fails, all changes in it have failed.
///
/// Before a change is answered, every part of this process knows all commits that other processes made before it. This also
/// holds for a change that found nothing to do: an answer such as "it is so already" is never newer than the cached data of
/// this process.
///
/// Between commits, the thread checkpoints the write-ahead log into the file. Constant reading does not let the log grow
/// without bound: the thread ends all kept read transactions before and after each checkpoint, so that new ones need nothing
/// of the log, and the next commit restarts it.
// Safe: the state under "Guarded" is accessed only with `mutex` held, `connection` only by the thread. Swift's own Mutex
// has no condition variable, so this uses the C pair, at fixed addresses.
@usableFromInline
final class SQLiteWriter: @unchecked Sendable {
    /// The largest number of waiting changes.
    static let queueCapacity = 20_000
    /// The largest number of changes in one commit, so that the first one does not wait long for the last.
    static let groupCapacity = 1_000

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    // Guarded.
    private var queue: [WriteJob] = []
    private var isWaiting = false
    private var isClosed = false
    /// Totals since the start: groups, changes in them, and changes for which the queue had no room.
    private var groupCount = 0
    private var jobCount = 0
    private var refusalCount = 0
    private var thread = pthread_t()

    // The thread's own.
    private var connection: WriteConnection
    private let readers: SQLiteReaders
    private let commits: CommitCount
    /// `nil` for a database in memory, which no other process can change.
    private let watch: SQLiteWatch?
    /// `nil` for a database in memory, as is `place`.
    private var keeper: SQLiteLogKeeper?
    private let place: SQLiteFilePlace?
    /// Kept for exactly as long as a connection is open.
    private var neighbours: SQLiteNeighbours?

    /// The source of the writer's connection.
    enum WriteConnection {
        /// A connection of its own to a file.
        case own(SQLiteConnection)
        /// The only connection to a database in memory, borrowed from the reader.
        case shared(SQLiteReader)
        /// The connection is closed.
        case closed
    }

    /// Starts the thread. It keeps the writer alive until ``close()``.
    ///
    /// - Parameters:
    ///   - watch: Informs the rest of the process of foreign changes.
    ///   - place: The paths of the file of a connection of its own.
    ///   - troubles: Receives troubles that only an operator can fix.
    ///   - neighbours: The other processes, if the log is left to them.
    init(
        _ connection: WriteConnection, readers: SQLiteReaders, watch: SQLiteWatch? = nil,
        place: SQLiteFilePlace? = nil, troubles: SQLiteTroubles, neighbours: SQLiteNeighbours? = nil
    ) throws {
        self.connection = connection
        self.readers = readers
        self.watch = watch
        self.place = place
        self.neighbours = neighbours
        commits = readers.commits
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
        // Failures are possible only from here on, when `deinit` finds initialised memory.
        if case .own(let connection) = connection {
            connection.watchWriteAheadLog()
            if let place { keeper = SQLiteLogKeeper(connection, place, troubles, neighbours) }
        }
        try startThread()
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Queues a change and waits until it is durable.
    ///
    /// - Parameter isNote: `true` when no decision depends on the change, so that look-ups need not see it at once.
    /// - Throws: The error of `body`, or the reason why the commit failed; `.unavailable` when too many changes wait or the
    ///   writer is closed.
    @inlinable
    func write<Value: Sendable>(
        isNote: Bool, _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            let job = BodyJob(isNote: isNote, body, continuation)
            if let refusal = submit(job) { job.answer(refusal) }
        }
        return try result.get()
    }

    /// The number of waiting changes, and totals.
    var traffic: StoreTraffic {
        withMutex {
            var traffic = StoreTraffic()
            traffic.changes = .init(waiting: queue.count, handedOver: jobCount, groups: groupCount)
            traffic.refusals = refusalCount
            return traffic
        }
    }

    /// Writes the queued changes, closes all connections and ends the thread.
    func close() {
        let first = withMutex {
            defer { isClosed = true }
            pthread_cond_signal(changed)
            return !isClosed
        }
        guard first else { return }
        if pthread_equal(thread, pthread_self()) != 0 {
            // The last change held the last reference to the database, so this thread cannot wait for itself.
            pthread_detach(thread)
        } else {
            pthread_join(thread, nil)
        }
    }

    // MARK: The queue

    @usableFromInline
    func submit(_ job: WriteJob) -> StoreError? {
        withMutex {
            if isClosed { return Self.closed }
            if queue.count >= Self.queueCapacity {
                refusalCount += 1
                return StoreError(.unavailable, "Too many changes are waiting to be written.")
            }
            queue.append(job)
            if isWaiting { pthread_cond_signal(changed) }
            return nil
        }
    }

    /// Waits for changes; returns `nil` when the writer is closed and the queue is empty.
    private func nextGroup() -> [WriteJob]? {
        withMutex {
            while queue.isEmpty && !isClosed {
                isWaiting = true
                pthread_cond_wait(changed, mutex)
                isWaiting = false
            }
            if queue.isEmpty { return nil }
            groupCount += 1
            jobCount += min(queue.count, Self.groupCapacity)
            if queue.count <= Self.groupCapacity {
                let group = queue
                queue = []
                return group
            }
            let group = Array(queue.prefix(Self.groupCapacity))
            queue.removeFirst(Self.groupCapacity)
            return group
        }
    }

    private func withMutex<Value>(_ body: () -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    // MARK: The thread

    private func startThread() throws(StoreError) {
        // A thread inherits the mask. The main program handles signals, not this thread.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let argument = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<SQLiteWriter>.fromOpaque(argument!).takeRetainedValue().work()
                return nil
            }, argument.toOpaque())
        guard code == 0 else {
            argument.release()
            throw StoreError(.unavailable, "The system has no thread for writing the database.")
        }
    }

    private func work() {
        while let group = nextGroup() {
            commit(group)
            keeper?.carryOverIfDue(readers.endSnapshots)
        }
        watch?.close()
        readers.close()
        keeper?.prepareToClose()
        keeper = nil
        // The last connection that any process closes checkpoints the log and deletes it, unless the log must stay.
        connection = .closed
        neighbours = nil
    }

    /// Runs a group, and answers all its callers once it is durable.
    private func commit(_ group: [WriteJob]) {
        var failure: StoreError?
        switch connection {
        case .own(let connection): failure = run(group, connection)
        case .shared(let reader):
            failure = Self.closed
            reader.withConnection { failure = run(group, $0) }
        case .closed: failure = Self.closed
        }
        // A change to a file that no path leads to is practically lost: it must not be called durable.
        if failure == nil, let place, !place.look() {
            failure = .outcomeUnknown(place.loss.sentence)
        }
        // Before the answers: a read that follows an answer must see the change and all earlier ones.
        commits.raise(isNote: group.allSatisfy(\.isNote))
        watch?.tellEverybody()
        for job in group { job.answer(failure) }
    }

    /// Runs a group in one transaction.
    ///
    /// - Returns: The reason why the whole group failed; `nil` when its successful changes are durable.
    private func run(_ group: [WriteJob], _ connection: SQLiteConnection) -> StoreError? {
        do throws(StoreError) {
            try place?.requireHeld()
            try connection.beginWriting()
            if try !performAll(group, connection) {
                connection.rollBack()
                // A single change has failed on its own.
                if group.count == 1 { return nil }
                try connection.beginWriting()
                for job in group { try performInSavepoint(job, connection) }
            }
            try commit(connection)
            return nil
        } catch {
            connection.rollBack()
            return error
        }
    }

    private func commit(_ connection: SQLiteConnection) throws(StoreError) {
        if let watch { try watch.commit(connection) } else { try connection.commit() }
    }

    /// Runs a group without savepoints, because a savepoint costs as much as a small change: SQLite keeps a copy of each page
    /// that is changed within one. Failures are rare.
    ///
    /// - Returns: `true` when all changes succeeded; otherwise the whole group must be undone.
    private func performAll(_ group: [WriteJob], _ connection: SQLiteConnection) throws(StoreError) -> Bool {
        for job in group {
            try job.perform(connection)
            if job.hasFailed { return false }
        }
        return true
    }

    private func performInSavepoint(_ job: WriteJob, _ connection: SQLiteConnection) throws(StoreError) {
        try connection.setSavepoint()
        try job.perform(connection)
        if job.hasFailed {
            try connection.rollBackToSavepoint()
        } else {
            try connection.releaseSavepoint()
        }
    }

    private static let closed = StoreError(.unavailable, "The database is closed.")
}

/// One change for the writer.
// Safe: the caller hands it over to the queue; after that, only the writer's thread accesses it.
@usableFromInline
class WriteJob: @unchecked Sendable {
    /// Indicates that no decision depends on the change.
    let isNote: Bool
    /// Indicates that the body threw an error, which undoes its changes.
    var hasFailed: Bool { false }

    fileprivate init(isNote: Bool) { self.isNote = isNote }

    /// Runs the body. Throws only when the transaction is lost, with all that stands in it.
    func perform(_ connection: SQLiteConnection) throws(StoreError) {}
    /// Resumes the caller with the result.
    ///
    /// - Parameter failure: The reason why no change of the group is durable; `nil` when the group is durable.
    @usableFromInline
    func answer(_ failure: StoreError?) {}
}

@usableFromInline
final class BodyJob<Value: Sendable>: WriteJob, @unchecked Sendable {
    private let body: @Sendable (SQLiteConnection) throws -> Value
    private let continuation: CheckedContinuation<Result<Value, any Error>, Never>
    private var result: Result<Value, any Error>?

    @usableFromInline
    init(
        isNote: Bool, _ body: @escaping @Sendable (SQLiteConnection) throws -> Value,
        _ continuation: CheckedContinuation<Result<Value, any Error>, Never>
    ) {
        self.body = body
        self.continuation = continuation
        super.init(isNote: isNote)
    }

    override var hasFailed: Bool {
        if case .failure = result { true } else { false }
    }

    override func perform(_ connection: SQLiteConnection) throws(StoreError) {
        do {
            result = .success(try body(connection))
        } catch {
            result = .failure(error)
        }
        // SQLite gives up a whole transaction when the disk is full or the file is damaged. A body that caught such
        // an error must not go on outside of one.
        guard connection.isInTransaction else {
            if case .failure(let error as StoreError) = result { throw error }
            throw StoreError(.unavailable, "The transaction was ended before its time.")
        }
    }

    @usableFromInline
    override func answer(_ failure: StoreError?) {
        if case .failure(let own) = result {
            continuation.resume(returning: .failure(own))
        } else if let failure {
            continuation.resume(returning: .failure(failure))
        } else if let result {
            continuation.resume(returning: result)
        } else {
            preconditionFailure("a piece of work was answered before it was done")
        }
    }
}
