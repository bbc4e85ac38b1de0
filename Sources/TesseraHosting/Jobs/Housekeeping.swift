package import TesseraCore
import TesseraTime

/// Runs the jobs of an authority, each at its own pace.
///
/// A run is made of steps with pauses as long as the steps, so that the store is free for others half of the time. A job
/// that fails is logged when that begins and when it ends, and rests longer from failure to failure.
package struct Housekeeping: Sendable {
    package let jobs: [Job]
    package let board: JobBoard
    private let clock: WallClock
    private let log: Log
    /// Whether this process may do a shared job now: where several nodes share a store, one of them has the lease.
    private let mayRun: @Sendable (Job) async -> Bool

    package init(
        jobs: [Job], board: JobBoard, clock: WallClock, log: Log,
        mayRun: @escaping @Sendable (Job) async -> Bool = { _ in true }
    ) {
        self.jobs = jobs
        self.board = board
        self.clock = clock
        self.log = log
        self.mayRun = mayRun
    }

    /// Works until the task is cancelled.
    package func run() async {
        let start = ContinuousClock.now
        await withTaskGroup { group in
            for job in jobs { group.addTask { await keepRunning(job, since: start) } }
        }
    }

    /// Hands over all that has been collected, and how the jobs went, before the process ends.
    package func finish() async {
        for job in jobs where !job.isShared {
            await run(job, isHurried: true)
            if let count = job.waiting?(), count > 0 {
                log.error("job \(job.name.rawValue): \(count) could not be handed over and are lost")
            }
        }
    }

    /// Runs a job once.
    ///
    /// - Parameter isHurried: Whether it goes on until nothing is left, in larger steps and without pauses.
    package func run(_ job: Job, isHurried: Bool = false) async {
        if job.isShared {
            guard await mayRun(job) else { return }
        }
        let now = clock.now
        let start = ContinuousClock.now
        var rows = 0
        var complaint: StoreError?
        do throws(StoreError) {
            if isHurried {
                try await finish(job, at: now, rows: &rows)
            } else {
                try await takeSteps(of: job, at: now, rows: &rows)
            }
        } catch {
            complaint = error
        }
        note(
            JobRun(
                job.name, at: now, duration: start.duration(to: .now), rows: rows, waiting: job.waiting?(),
                failures: complaint == nil ? 0 : board.failures(of: job.name) + 1,
                complaint: complaint?.sentence))
    }

    private func keepRunning(_ job: Job, since start: ContinuousClock.Instant) async {
        var pause = job.delay
        while await rest(for: pause) {
            await run(job)
            let elapsed = start.duration(to: .now)
            pause = job.pause(afterFailures: board.failures(of: job.name), sinceStart: elapsed)
        }
    }

    private func takeSteps(of job: Job, at now: NumericDate, rows: inout Int) async throws(StoreError) {
        for step in 1...job.stepsPerRun {
            let start = ContinuousClock.now
            let count = try await job.step(now, job.stepSize)
            rows += count
            if count < job.stepSize || step == job.stepsPerRun { return }
            guard await rest(for: start.duration(to: .now)) else { return }
        }
    }

    private func finish(_ job: Job, at now: NumericDate, rows: inout Int) async throws(StoreError) {
        let limit = 10 * job.stepSize
        while true {
            let count = try await job.step(now, limit)
            rows += count
            if count < limit { return }
        }
    }

    /// `false` when the task was cancelled: that ends the wait early, and the work with it.
    private func rest(for duration: Duration) async -> Bool {
        do {
            try await Task.sleep(for: duration)
            return !Task.isCancelled
        } catch {
            return false
        }
    }

    private func note(_ run: JobRun) {
        let earlier = board.failures(of: run.job)
        board.note(run)
        switch (earlier, run.failures, run.complaint) {
        case (0, 1..., let complaint?): log.error("job \(run.job.rawValue) fails: \(complaint)")
        case (1..., 0, _): log.warning("job \(run.job.rawValue) works again after \(earlier) failures")
        default: break
        }
    }
}
