extension CivilDate {
    /// Parses a day, `2026-11-23`: `full-date` of RFC 3339 §5.6.
    ///
    /// - Returns: nil for a day that does not exist, a year that is not 0001–9999, or anything around it.
    public init?(_ text: String) {
        guard let start = NumericDate(date: text) else { return nil }
        self.init(daysSinceEpoch: start.seconds.flooringDivided(by: 86_400))
    }

    /// The day as RFC 3339 §5.6 writes it, `2026-11-23`; the nearest one of the years 0001–9999.
    public var text: String {
        String(NumericDate(seconds: daysSinceEpoch * 86_400).rfc3339.prefix(10))
    }

    /// The day before this one.
    public var previous: CivilDate { CivilDate(daysSinceEpoch: daysSinceEpoch - 1) }
}

extension CivilDate: Comparable {
    /// Compares two days by their order in time.
    public static func < (left: Self, right: Self) -> Bool { left.daysSinceEpoch < right.daysSinceEpoch }
}
