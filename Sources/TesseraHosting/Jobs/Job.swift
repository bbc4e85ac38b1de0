package import TesseraCore
package import TesseraTime

/// One thing that an authority does by itself, again and again, in small steps.
///
/// A new one is a case of `JobName` and an entry in `Housekeeping.jobs(of:)`; it then shows in `/metrics`, in
/// `tessera status` and on the status page by itself.
package struct Job: Sendable {
    package typealias Step = @Sendable (_ now: NumericDate, _ limit: Int) async throws(StoreError) -> Int

    package let name: JobName
    /// How long it rests between two runs.
    let period: Duration
    /// How long after the start it runs for the first time.
    let delay: Duration
    /// Whether it is enough that one of several processes on the same store does it. Others hand over what they
    /// themselves have collected.
    package let isShared: Bool
    /// How many rows one step takes at most, so that no step holds up the writers.
    let stepSize: Int
    /// How many steps one run has at most; what is left waits for the next run.
    let stepsPerRun: Int
    /// How much waits to be done, where that is known at no cost.
    let waiting: (@Sendable () -> Int)?
    /// Does the next piece of work, of at most `limit` rows, and says how many there were; fewer than the limit mean that
    /// nothing is left.
    let step: Step

    /// Makes a job that begins at once, is shared, and takes at most 400 steps of 500 rows in a run.
    package init(
        name: JobName, period: Duration, delay: Duration = .zero, isShared: Bool = true, stepSize: Int = 500,
        stepsPerRun: Int = 400, waiting: (@Sendable () -> Int)? = nil, step: @escaping Step
    ) {
        self.name = name
        self.period = period
        self.delay = delay
        self.isShared = isShared
        self.stepSize = stepSize
        self.stepsPerRun = stepsPerRun
        self.waiting = waiting
        self.step = step
    }

    /// For how long the lease of a shared job is asked for: whoever does it asks again in time, and when they are gone,
    /// another does it after that.
    package var leaseDuration: Duration { period * 3 / 2 }

    /// How long it rests after so many failures in a row: twice as long each time, up to eight periods.
    func pause(afterFailures failures: Int) -> Duration { period * (1 << min(failures, 3)) }

    /// How long it rests when all jobs began to run so long ago: until a whole number of its periods has passed since then,
    /// and never less than half a period.
    ///
    /// Jobs of the same period keep in step this way. What they write reaches the store at the same moment, and readers have
    /// to look at one new state instead of several.
    func pause(afterFailures failures: Int, sinceStart elapsed: Duration) -> Duration {
        let over = elapsed - period * Int(elapsed / period)
        let pause = pause(afterFailures: failures) - over
        return pause < period / 2 ? pause + period : pause
    }
}
