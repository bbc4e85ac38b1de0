import Synchronization
import TesseraCore
import TesseraTestKit
import Testing

@testable import TesseraHosting

@Suite struct HousekeepingTests {
    private let lines = Lines()

    private func housekeeping(
        _ jobs: [Job], mayRun: @escaping @Sendable (Job) async -> Bool = { _ in true }
    ) -> Housekeeping {
        let (clock, log) = (FixedClock().clock, lines.log)
        return Housekeeping(jobs: jobs, board: JobBoard(), clock: clock, log: log, mayRun: mayRun)
    }

    /// A job with so many rows to do, which notes the limit of each of its steps.
    private func job(
        _ rows: Int, stepSize: Int = 10, stepsPerRun: Int = 100, isShared: Bool = true
    ) -> (job: Job, work: Work) {
        let work = Work(rows)
        let job = Job(
            name: .pruneTokens, period: .seconds(60), isShared: isShared, stepSize: stepSize,
            stepsPerRun: stepsPerRun, waiting: { work.left }
        ) { _, limit throws(StoreError) in try work.take(limit) }
        return (job, work)
    }

    @Test func runGoesOnUntilAStepIsNotFull() async {
        let (job, work) = job(25)
        let housekeeping = housekeeping([job])
        await housekeeping.run(job)
        #expect(work.limits == [10, 10, 10])
        #expect(housekeeping.board.records.map(\.last.rows) == [25])
        #expect(housekeeping.board.records.map(\.last.waiting) == [0])
    }

    @Test func runHasNoMoreStepsThanItMay() async {
        let (job, work) = job(100, stepsPerRun: 3)
        let housekeeping = housekeeping([job])
        await housekeeping.run(job)
        await housekeeping.run(job)
        #expect(work.left == 40)
        #expect(housekeeping.board.records.map(\.rows) == [60])
        #expect(housekeeping.board.records.map(\.runs) == [2])
    }

    @Test func failuresAreLoggedWhenTheyBeginAndWhenTheyEnd() async {
        let (job, work) = job(1)
        let housekeeping = housekeeping([job])
        work.fails = true
        for failures in 1...3 {
            await housekeeping.run(job)
            #expect(housekeeping.board.failures(of: job.name) == failures)
        }
        #expect(housekeeping.board.records.map(\.last.complaint) == ["The disk is full."])
        #expect(lines.all == ["error job prune-tokens fails: The disk is full."])
        work.fails = false
        await housekeeping.run(job)
        await housekeeping.run(job)
        #expect(housekeeping.board.failures(of: job.name) == 0)
        #expect(housekeeping.board.records.map(\.failures) == [3])
        #expect(lines.all.dropFirst() == ["warning job prune-tokens works again after 3 failures"])
    }

    @Test(arguments: [(0, 60), (1, 120), (2, 240), (3, 480), (4, 480), (1_000_000, 480)])
    func failingJobRestsLonger(failures: Int, seconds: Int) {
        #expect(job(0).job.pause(afterFailures: failures) == .seconds(seconds))
    }

    /// A minute between runs: after 61 s the next is due at 120 s, after 95 s too little is left until then.
    @Test(arguments: [
        (61.0, 0, 59.0), (60, 0, 60), (90, 0, 30), (95, 0, 85), (0, 0, 60), (61, 2, 239),
    ])
    func jobsKeepInStep(elapsed: Double, failures: Int, pause: Double) {
        #expect(
            job(0).job.pause(afterFailures: failures, sinceStart: .seconds(elapsed)) == .seconds(pause))
    }

    @Test func sharedJobIsLeftToWhoeverHoldsTheLease() async {
        let (shared, sharedWork) = job(5)
        let (own, ownWork) = job(5, isShared: false)
        let housekeeping = housekeeping([shared, own]) { _ in false }
        await housekeeping.run(shared)
        await housekeeping.run(own)
        #expect(sharedWork.left == 5)
        #expect(ownWork.left == 0)
    }

    @Test func everythingIsHandedOverAtTheEnd() async {
        let (job, work) = job(250, stepsPerRun: 1, isShared: false)
        await housekeeping([job]).finish()
        #expect(work.limits == [100, 100, 100])
        #expect(lines.all == [])
    }

    @Test func whatCannotBeHandedOverIsSaidAtTheEnd() async {
        let (job, work) = job(7, isShared: false)
        work.fails = true
        await housekeeping([job]).finish()
        #expect(lines.all.last == "error job prune-tokens: 7 could not be handed over and are lost")
    }
}

/// Rows to be done.
private final class Work: Sendable {
    private let state: Mutex<(left: Int, limits: [Int], fails: Bool)>

    init(_ rows: Int) { state = Mutex((rows, [], false)) }

    var left: Int { state.withLock { $0.left } }
    var limits: [Int] { state.withLock { $0.limits } }
    var fails: Bool {
        get { state.withLock { $0.fails } }
        set { state.withLock { $0.fails = newValue } }
    }

    func take(_ limit: Int) throws(StoreError) -> Int {
        let count: Int? = state.withLock { state in
            if state.fails { return nil }
            state.limits.append(limit)
            let count = min(limit, state.left)
            state.left -= count
            return count
        }
        guard let count else { throw StoreError(.full, "The disk is full.") }
        return count
    }
}
