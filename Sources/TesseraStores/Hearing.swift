import Glibc
import Synchronization

/// The instant until which a process certainly knows what others have changed. All threads share it.
///
/// The thread that hears of changes, or looks for them, moves the instant on. A process can be stopped at any point, and
/// the thread that runs first when it goes on must not believe what was true before. So the instant is compared with the
/// clock at each use. A comparison costs one reading of a clock, which needs no call of the system.
final class Hearing: Sendable {
    /// On the clock of ``now``; `.max` means for ever.
    private let end: Atomic<Int64>

    /// - Parameter end: The first instant at which nothing is certain, until ``extend(to:)`` is called; `.max` where there
    ///   is nothing that could be missed.
    init(until end: Int64 = .max) { self.end = Atomic(end) }

    /// Whether everything is known at this instant.
    var isCertain: Bool {
        let end = end.load(ordering: .acquiring)
        return end == .max || Self.now < end
    }

    /// Whether everything is known at an instant on the clock of ``now``.
    func isCertain(at instant: Int64) -> Bool { instant < end.load(ordering: .acquiring) }

    /// Moves the instant on; an earlier one than before changes nothing.
    ///
    /// - Parameter instant: Counted from *before* the question was asked whether something has changed: a change that
    ///   was made after that may be missing from the answer.
    func extend(to instant: Int64) {
        var known = end.load(ordering: .relaxed)
        while known == .max || known < instant {
            let attempt = end.compareExchange(
                expected: known, desired: instant, successOrdering: .releasing, failureOrdering: .relaxed)
            if attempt.exchanged { return }
            known = attempt.original
        }
    }

    /// Nanoseconds on a clock that goes on while the machine sleeps and while the process is stopped.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
