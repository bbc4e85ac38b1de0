import Glibc
import Synchronization

/// Until when it is certain that everything other nodes change is heard; known to all threads.
///
/// The thread of the pool says when nothing is heard any more, but a process can be stopped at any moment, and whoever
/// runs first when it goes on must not believe what was true before. So this is compared with the clock at each use.
final class PostgresHearing: Sendable {
    /// On a clock that goes on while the machine sleeps. For ever as long as nobody has listened.
    private let end = Atomic<Int64>(.max)

    var isCertain: Bool {
        let end = end.load(ordering: .acquiring)
        return end == .max || Self.now < end
    }

    /// What is remembered may be believed until `instant`.
    ///
    /// - Parameter instant: Counted from when a beat was *sent*: what was committed since then may be stuck behind it,
    ///   and come never.
    func extend(to instant: Int64) { end.store(instant, ordering: .releasing) }

    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
