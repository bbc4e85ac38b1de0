import Glibc

/// A fixed number of threads that do blocking work in order of arrival, with a bounded queue.
///
/// The pool has its own threads, because work of tens of milliseconds would starve the cooperative pool and block an
/// event loop.
final class WorkerPool: Sendable {
    /// A piece of work; the argument is `false` if the pool was shut down before its turn.
    typealias Job = @Sendable (_ mayRun: Bool) -> Void

    private let queue: JobQueue
    private let threads: ThreadList

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - threadCount: At least 1.
    ///   - capacity: The number of jobs that may wait.
    init(threadCount: Int, capacity: Int) {
        let queue = JobQueue(capacity: capacity)
        self.queue = queue
        threads = ThreadList(count: threadCount) { queue.work() }
    }

    deinit { shutDown() }

    /// Queues a job. If the queue is full or the pool is shut down, the job is never called.
    func submit(_ job: @escaping Job) -> JobQueue.Admission { queue.submit(job) }

    /// The number of waiting jobs.
    var waitingCount: Int { queue.count }

    /// Finishes running jobs, tells waiting jobs that they may not run, and joins the threads. Must not be called from
    /// a job.
    func shutDown() {
        queue.close()
        threads.join()
    }
}

// Safe: `jobs` and `isClosed` are accessed only while `mutex` is held. Swift's Mutex has no condition variable, so this
// uses the C pair, at addresses that do not move.
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

    /// Runs jobs until the queue is closed.
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
