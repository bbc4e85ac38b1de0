// Arithmetic on numbers from outside that ends at the limits of a type, where Swift's own operators end the process.

extension FixedWidthInteger {
    /// The sum, or the end of the range that is nearest to it.
    package func addingClamped(_ other: Self) -> Self {
        let (sum, overflows) = addingReportingOverflow(other)
        guard overflows else { return sum }
        return other < 0 ? .min : .max
    }

    /// The difference, or the end of the range that is nearest to it.
    package func subtractingClamped(_ other: Self) -> Self {
        let (difference, overflows) = subtractingReportingOverflow(other)
        guard overflows else { return difference }
        return other > 0 ? .min : .max
    }
}

extension Int {
    /// The integer part of a number, or the end of the range that is nearest to it; 0 for what is not a number.
    package init(clamping number: Double) {
        if let exact = Int(exactly: number.rounded(.towardZero)) {
            self = exact
        } else {
            self = number.isNaN ? 0 : number < 0 ? .min : .max
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero; the end of the range that is nearest when there are too many.
    package var wholeMilliseconds: Int64 { whole(1_000_000_000_000_000) }
    /// Whole microseconds, rounded towards zero; the end of the range that is nearest when there are too many.
    package var wholeMicroseconds: Int64 { whole(1_000_000_000_000) }
    /// Whole nanoseconds, rounded towards zero; the end of the range that is nearest when there are too many.
    package var wholeNanoseconds: Int64 { whole(1_000_000_000) }

    private func whole(_ attosecondsEach: Int128) -> Int64 { Int64(clamping: attoseconds / attosecondsEach) }
}
