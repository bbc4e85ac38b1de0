import TesseraTime

/// The time between two instants in words, such as "5 minutes" or "2 days".
enum TimeSpan {
    /// In the largest unit that fits at least twice; "less than a second" for next to nothing.
    static func phrase(from start: NumericDate, to end: NumericDate) -> String {
        let (difference, overflow) = end.seconds.subtractingReportingOverflow(start.seconds)
        // Further apart than 64 bits of seconds can say.
        guard !overflow else { return "ages" }
        let seconds = difference.magnitude
        if seconds == 0 { return "less than a second" }
        for (unit, length) in [("day", UInt64(86_400)), ("hour", 3_600), ("minute", 60)]
        where seconds >= 2 * length {
            return "\(seconds / length) \(unit)s"
        }
        return seconds == 1 ? "1 second" : "\(seconds) seconds"
    }
}
