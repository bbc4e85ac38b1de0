import Glibc
import Synchronization

/// The instant until which this process certainly knows all changes that other processes made. All threads share it.
///
/// The thread that receives or looks for changes moves the instant on. The system can stop a process at any point, and the
/// thread that runs first afterwards must not use data from before the stop. So each use compares the instant with the
/// clock, which costs one reading of a clock and no system call.
package final class Hearing: Sendable {
    /// The end, on the clock of ``now``; `.max` means that there is no end.
    private let end: Atomic<Int64>

    /// - Parameter end: The first instant at which nothing is certain, until ``extend(to:)`` moves it; `.max` where no
    ///   change can be missed.
    package init(until end: Int64 = .max) { self.end = Atomic(end) }

    /// Indicates that all changes are known at this instant.
    package var isCertain: Bool {
        let end = end.load(ordering: .acquiring)
        return end == .max || Self.now < end
    }

    /// Reports whether all changes are known at an instant on the clock of ``now``.
    package func isCertain(at instant: Int64) -> Bool { instant < end.load(ordering: .acquiring) }

    /// Moves the instant on. An instant earlier than the present one changes nothing.
    ///
    /// - Parameter instant: Counted from *before* the look for changes began: the answer may lack a later change.
    package func extend(to instant: Int64) {
        var known = end.load(ordering: .relaxed)
        while known == .max || known < instant {
            let attempt = end.compareExchange(
                expected: known, desired: instant, successOrdering: .releasing, failureOrdering: .relaxed)
            if attempt.exchanged { return }
            known = attempt.original
        }
    }

    /// The time in nanoseconds, on a clock that continues while the machine sleeps and while the process is stopped.
    package static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
