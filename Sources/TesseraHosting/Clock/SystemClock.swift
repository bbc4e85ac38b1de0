import Glibc
import Synchronization
public import TesseraCore
public import TesseraTime

extension WallClock {
    /// The clock of the machine, to the millisecond, which never goes back while the process lives; see ``SystemClock``.
    public static let system = WallClock { SystemClock.shared.now }
}

/// The time of day of one process: it follows the machine's clock forwards, and never goes back.
///
/// What has been refused as expired must not live again because somebody, or a time server, has set the clock back. Then
/// this clock goes on at its ordinary pace from where it was, counted by the machine's monotonic clock, until the
/// machine's has caught up or the process is started anew. See ARCHITECTURE, "Time never goes back".
public final class SystemClock: Sendable {
    /// The one of this process.
    public static let shared = SystemClock(
        machine: { microseconds(of: CLOCK_REALTIME) }, elapsed: { microseconds(of: CLOCK_MONOTONIC) })

    private let machine: @Sendable () -> Int64
    private let elapsed: @Sendable () -> Int64
    /// The largest distance that there ever was between the two, in microseconds.
    private let distance: Atomic<Int64>

    /// - Parameters:
    ///   - machine: Microseconds since 1970, as the machine believes. May jump.
    ///   - elapsed: Microseconds since anything. Never goes back and never jumps.
    init(machine: @escaping @Sendable () -> Int64, elapsed: @escaping @Sendable () -> Int64) {
        self.machine = machine
        self.elapsed = elapsed
        distance = Atomic(machine() - elapsed())
    }

    public var now: NumericDate {
        // In this order: what is lost between the two readings must not count as a jump forwards.
        let present = machine()
        let elapsed = elapsed()
        let known = distance.load(ordering: .relaxed)
        // Looked at first, because writing it for each request would slow down all threads.
        if present - elapsed > known { distance.max(present - elapsed, ordering: .relaxed) }
        return NumericDate(milliseconds: (elapsed + max(present - elapsed, known)) / 1_000)
    }

    /// How far this clock is ahead of the machine's: nothing, until that is set back.
    public var lead: Duration {
        let present = machine()
        return max(.zero, now - NumericDate(milliseconds: present / 1_000))
    }

    private static func microseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}
