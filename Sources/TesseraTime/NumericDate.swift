/// An instant: time since 1970-01-01T00:00:00Z without leap seconds — RFC 7519 §2.
///
/// Held in whole milliseconds. Arithmetic saturates at the ends of the range instead of trapping, because
/// the numbers it meets come from outside.
public struct NumericDate: Sendable, Hashable {
    /// Milliseconds since the epoch; negative before it.
    public let milliseconds: Int64

    /// The instant that many milliseconds after the epoch.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The instant that many seconds after the epoch; the nearest one there is when that is out of range.
    public init(seconds: Int64) {
        self.init(clamping: Int128(seconds) * 1_000)
    }

    private init(clamping milliseconds: Int128) {
        self.milliseconds = Int64(clamping: milliseconds)
    }

    /// Whole seconds since the epoch, rounded down, as the wire has it.
    public var seconds: Int64 { milliseconds.flooringDivided(by: 1_000) }

    /// The instant `duration` later. Parts of a millisecond in `duration` are dropped.
    public static func + (date: Self, duration: Duration) -> Self {
        Self(clamping: Int128(date.milliseconds) + duration.attoseconds / attosecondsPerMillisecond)
    }

    /// The instant `duration` earlier. Parts of a millisecond in `duration` are dropped.
    public static func - (date: Self, duration: Duration) -> Self {
        Self(clamping: Int128(date.milliseconds) - duration.attoseconds / attosecondsPerMillisecond)
    }

    /// The time from `earlier` to this instant; negative when this instant is earlier.
    public static func - (later: Self, earlier: Self) -> Duration {
        Duration(
            attoseconds: (Int128(later.milliseconds) - Int128(earlier.milliseconds))
                * attosecondsPerMillisecond)
    }

    private static let attosecondsPerMillisecond: Int128 = 1_000_000_000_000_000
}

extension NumericDate: Comparable {
    /// Compares two instants by their order in time.
    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
}

extension NumericDate: CustomStringConvertible {
    /// The instant in the form of RFC 3339 §5.6.
    public var description: String { rfc3339 }
}

extension Int64 {
    /// The quotient rounded towards minus infinity, for a positive divisor.
    func flooringDivided(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
