import Glibc
import Synchronization
public import TesseraDatabase

/// The one thread that writes. It commits whatever waits together, so that a durable change is not one `fsync` each.
///
/// A piece of work that fails is undone and hurts no other: the group runs once more, each piece in a savepoint of its
/// own. Nobody is answered before the commit is durable, and when it fails, it has failed for everybody in it.
///
/// What another process has committed before a change of this one holds everywhere in this process before the change is
/// answered, also where the change has found nothing to do: an answer "it is so already" is never ahead of what is
/// remembered here.
///
/// Between commits it carries the write-ahead log over into the file. The log does not grow without bound under constant
/// reading: before and after each checkpoint the snapshots are ended, so that new ones need nothing of the log, and the
/// next commit writes it from its start again.
// Safe: what stands under "Guarded" is touched only with `mutex` held, `connection` only by the thread. Swift's own
// Mutex has no condition to wait on, so this is the C pair, at addresses that do not move.
@usableFromInline
final class SQLiteWriter: @unchecked Sendable {
    /// How many pieces of work may wait.
    static let queueCapacity = 20_000
    /// How many are committed together at most, so that the first of them does not wait long for the last.
    static let groupCapacity = 1_000

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    // Guarded.
    private var queue: [WriteJob] = []
    private var isWaiting = false
    private var isClosed = false
    /// Since the start: what was taken out of the queue, in how many groups, and what there was no room for.
    private var groupCount = 0
    private var jobCount = 0
    private var refusalCount = 0
    private var thread = pthread_t()

    // The thread's own.
    private var connection: WriteConnection
    private let readers: SQLiteReaders
    private let commits: CommitCount
    /// `nil` for a database in memory, which nobody else can change.
    private let watch: SQLiteWatch?
    /// `nil` for a database in memory, as is `place`.
    private var keeper: SQLiteLogKeeper?
    private let place: SQLiteFilePlace?
    /// Kept exactly as long as any connection is open.
    private var neighbours: SQLiteNeighbours?

    /// Where the writer gets its connection.
    enum WriteConnection {
        /// A connection of its own to a file.
        case own(SQLiteConnection)
        /// The only connection to a database in memory, borrowed from the reader.
        case shared(SQLiteReader)
        /// None any more.
        case closed
    }

    /// Starts the thread. It keeps the writer alive until ``close()``.
    ///
    /// - Parameters:
    ///   - watch: Tells the rest of the process of what others change in the file.
    ///   - place: Where the file of an own connection is found.
    ///   - troubles: Told of what only an operator can mend.
    ///   - neighbours: The other processes, where the log is left to them.
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
        // Only now may anything fail: what goes away then must have been made.
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

    /// Queues work and waits until it is durable.
    ///
    /// - Parameter isNote: Whether `body` only notes something on which no decision rests, so that look-ups need not see
    ///   it at once.
    /// - Throws: What `body` threw, or why the commit failed; `.unavailable` when too many wait or it is closed.
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

    /// What waits, and what was counted.
    var traffic: StoreTraffic {
        withMutex {
            var traffic = StoreTraffic()
            traffic.changes = .init(waiting: queue.count, handedOver: jobCount, groups: groupCount)
            traffic.refusals = refusalCount
            return traffic
        }
    }

    /// Does what is queued, closes all connections and ends the thread.
    func close() {
        let first = withMutex {
            defer { isClosed = true }
            pthread_cond_signal(changed)
            return !isClosed
        }
        guard first else { return }
        if pthread_equal(thread, pthread_self()) != 0 {
            // The last work held the last reference to the database: nobody can wait for this thread any more.
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

    /// Waits for work. `nil` when closed and everything is done.
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
        // A thread inherits the mask: signals are for whoever wired the program together, not for this one.
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
        // The last connection to go, in whichever process, carries the log over and takes it with it, unless it must stay.
        connection = .closed
        neighbours = nil
    }

    /// Runs a group, and answers everybody in it once it is durable.
    private func commit(_ group: [WriteJob]) {
        var failure: StoreError?
        switch connection {
        case .own(let connection): failure = run(group, connection)
        case .shared(let reader):
            failure = Self.closed
            reader.withConnection { failure = run(group, $0) }
        case .closed: failure = Self.closed
        }
        // A change to a file that is found no more is as good as lost: it must not be called durable.
        if failure == nil, let place, !place.look() {
            failure = .outcomeUnknown(place.loss.sentence)
        }
        // Before anybody is answered: whoever reads after the answer must see the change, and those before it.
        commits.raise(isNote: group.allSatisfy(\.isNote))
        watch?.tellEverybody()
        for job in group { job.answer(failure) }
    }

    /// Runs a group in one transaction.
    ///
    /// - Returns: Why the whole group failed; `nil` when what succeeded in it is durable.
    private func run(_ group: [WriteJob], _ connection: SQLiteConnection) -> StoreError? {
        do throws(StoreError) {
            try place?.requireHeld()
            try connection.beginWriting()
            if try !performAll(group, connection) {
                connection.rollBack()
                // A lone one has failed for itself.
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

    /// Runs a group without savepoints, which cost as much as a small change does: SQLite keeps a copy of each page that
    /// is touched within one. Hardly ever does anything fail.
    ///
    /// - Returns: Whether everything succeeded. If not, all of it has to be undone.
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

/// One piece of work for the writer.
// Safe: whoever queues it hands it over; after that only the writer's thread touches it.
@usableFromInline
class WriteJob: @unchecked Sendable {
    /// Whether the body only notes something on which no decision rests.
    let isNote: Bool
    /// Whether the body threw an error, which undoes what it did.
    var hasFailed: Bool { false }

    fileprivate init(isNote: Bool) { self.isNote = isNote }

    /// Runs the body. Throws only when the transaction is lost, with all that stands in it.
    func perform(_ connection: SQLiteConnection) throws(StoreError) {}
    /// Answers whoever waits.
    ///
    /// - Parameter failure: Why nothing of the group is durable; `nil` when it is.
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
