import Glibc
public import TesseraCore
import TesseraJOSE

extension WallClock {
    /// The clock of the machine, to the millisecond.
    public static let system = WallClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return NumericDate(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
