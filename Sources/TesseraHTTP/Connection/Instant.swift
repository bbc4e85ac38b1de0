/// A point on the monotonic clock, in nanoseconds from an arbitrary origin.
struct Instant: Sendable, Comparable {
    var nanoseconds: Int64

    /// Later than anything that happens.
    static let never = Instant(nanoseconds: .max)

    static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    func advanced(byNanoseconds nanoseconds: Int64) -> Instant {
        let (sum, overflows) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        return overflows ? .never : Instant(nanoseconds: sum)
    }
}

extension Duration {
    /// The duration in whole nanoseconds, at most what fits.
    var clampedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflows else { return .max }
        let (sum, overflowsToo) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflowsToo ? .max : sum
    }
}
