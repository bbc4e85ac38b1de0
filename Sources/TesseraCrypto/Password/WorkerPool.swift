import Glibc

/// A fixed number of threads that do blocking work in the order it came, with a bounded queue before them.
///
/// Threads of its own, because work that takes tens of milliseconds would starve the cooperative pool and
/// stop an event loop.
final class WorkerPool: Sendable {
    /// A piece of work; told `false` when the pool was shut down before its turn.
    typealias Job = @Sendable (_ mayRun: Bool) -> Void

    private let queue: JobQueue
    private let threads: ThreadList

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - threadCount: At least 1.
    ///   - capacity: How many jobs may wait beside those that run.
    init(threadCount: Int, capacity: Int) {
        let queue = JobQueue(capacity: capacity)
        self.queue = queue
        threads = ThreadList(count: threadCount) { queue.work() }
    }

    deinit { shutDown() }

    /// Queues a job; false when the queue is full or the pool shut down, and the job is then never called.
    func submit(_ job: @escaping Job) -> JobQueue.Admission { queue.submit(job) }

    /// How many jobs wait beside those that run.
    var waitingCount: Int { queue.count }

    /// Lets running jobs finish, tells waiting ones that they may not run, and joins the threads. Must not
    /// be called from a job.
    func shutDown() {
        queue.close()
        threads.join()
    }
}

// Safe: `jobs` and `isClosed` are only touched with `mutex` held. Swift's own Mutex has no condition to wait
// on, so this is the C pair, at addresses that do not move.
final class JobQueue: @unchecked Sendable {
    enum Admission { case queued, full, closed }

    private let capacity: Int
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [WorkerPool.Job] = []
    private var isClosed = false

    init(capacity: Int) {
        self.capacity = capacity
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    func submit(_ job: @escaping WorkerPool.Job) -> Admission {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if isClosed { return .closed }
        if jobs.count >= capacity { return .full }
        jobs.append(job)
        pthread_cond_signal(changed)
        return .queued
    }

    /// Does jobs until the queue is closed.
    func work() {
        while let job = next() { job(true) }
    }

    var count: Int {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return jobs.count
    }

    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        let waiting = jobs
        jobs = []
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
        for job in waiting { job(false) }
    }

    private func next() -> WorkerPool.Job? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while jobs.isEmpty && !isClosed { pthread_cond_wait(changed, mutex) }
        return jobs.isEmpty ? nil : jobs.removeFirst()
    }
}
