/// A point on the monotonic clock, in nanoseconds from an arbitrary origin.
struct Instant: Sendable, Comparable {
    var nanoseconds: Int64

    /// An instant that never arrives.
    static let never = Instant(nanoseconds: .max)

    static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    func advanced(byNanoseconds nanoseconds: Int64) -> Instant {
        let (sum, overflows) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        return overflows ? .never : Instant(nanoseconds: sum)
    }
}
