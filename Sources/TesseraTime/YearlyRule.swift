extension TimeZoneRules {
    /// The rule of a place for every year to come, as `TZ` of POSIX.1-2017 §8.3 and RFC 9636 §3.3.1 write it:
    /// `CET-1CEST,M3.5.0,M10.5.0/3`.
    struct YearlyRule: Sendable, Hashable {
        /// Seconds east of UTC in winter.
        let standard: Int64
        /// The other time of the year; nil where there is none.
        let daylight: Daylight?

        struct Daylight: Sendable, Hashable {
            let offset: Int64
            let start: Moment
            let end: Moment
        }

        /// A day of each year and the seconds from its midnight on, which may be negative, or more than a day.
        struct Moment: Sendable, Hashable {
            let day: Day
            let seconds: Int64
        }

        enum Day: Sendable, Hashable {
            /// `Jn`: from 1 to 365; 29 February is not counted.
            case ofCommonYear(Int64)
            /// `n`: from 0 to 365; 29 February is counted.
            case ofYear(Int64)
            /// `Mm.w.d`: the weekday (0 is Sunday) in the week of that number, the last for 5.
            case weekday(month: Int64, week: Int64, day: Int64)
        }

        /// The transitions of one year, in rising order. A rule without daylight saving has one, at the begin of the year.
        func transitions(in year: Int64) -> [Transition] {
            guard let firstDay = CivilDate(year: min(max(year, 1), 9_999), month: 1, day: 1) else {
                return []
            }
            guard let daylight else {
                return [Transition(at: firstDay.daysSinceEpoch * 86_400 - standard, offset: standard)]
            }
            func instant(_ moment: Moment, before offset: Int64) -> Int64 {
                moment.day.daysSinceEpoch(from: firstDay) * 86_400 + moment.seconds - offset
            }
            let start = Transition(at: instant(daylight.start, before: standard), offset: daylight.offset)
            let end = Transition(at: instant(daylight.end, before: daylight.offset), offset: standard)
            return start.at < end.at ? [start, end] : [end, start]
        }
    }
}

extension TimeZoneRules.YearlyRule.Day {
    /// The day in the year that begins with `firstDay`.
    fileprivate func daysSinceEpoch(from firstDay: CivilDate) -> Int64 {
        let start = firstDay.daysSinceEpoch
        switch self {
        case .ofYear(let number): return start + number
        case .ofCommonYear(let number):
            let isLeap = CivilDate(year: firstDay.year, month: 2, day: 29) != nil
            return start + number - 1 + (isLeap && number >= 60 ? 1 : 0)
        case .weekday(let month, let week, let day):
            guard let first = CivilDate(year: firstDay.year, month: month, day: 1) else { return start }
            // The epoch was a Thursday, the fourth day of a week that begins with Sunday as 0.
            let weekday = (first.daysSinceEpoch + 4) - (first.daysSinceEpoch + 4).flooringDivided(by: 7) * 7
            let offset = (day - weekday + 7) % 7 + (week - 1) * 7
            let exists = CivilDate(year: firstDay.year, month: month, day: offset + 1) != nil
            return first.daysSinceEpoch + offset - (exists ? 0 : 7)
        }
    }
}

// MARK: - Parsing

extension TimeZoneRules.YearlyRule {
    /// - Returns: nil for anything that is not in the grammar of RFC 9636 §3.3.1.
    init?(_ text: String) {
        var reader = RuleReader(text)
        guard reader.name(), let west = reader.time(upTo: 24) else { return nil }
        standard = -west
        if reader.isAtEnd {
            daylight = nil
            return
        }
        guard reader.name() else { return nil }
        var offset = standard + 3_600
        if !reader.isAt(",") {
            guard let west = reader.time(upTo: 24) else { return nil }
            offset = -west
        }
        guard let start = reader.moment(), let end = reader.moment(), reader.isAtEnd else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }
}

/// Reads the parts of a yearly rule from the front of a text.
private struct RuleReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    func isAt(_ character: Unicode.Scalar) -> Bool { rest.first == UInt8(ascii: character) }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard isAt(character) else { return false }
        rest.removeFirst()
        return true
    }

    /// Skips an abbreviation: three letters or more, or anything of letters, digits and signs between `<` and `>`.
    mutating func name() -> Bool {
        func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
        let isQuoted = take("<")
        let name = rest.prefix { byte in
            isLetter(byte)
                || isQuoted && ((0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D)
        }
        rest = rest.dropFirst(name.count)
        return name.count >= 3 && (!isQuoted || take(">"))
    }

    private mutating func number(_ range: ClosedRange<Int64>) -> Int64? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard (1...3).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        return range.contains(number) ? number : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time(upTo hours: Int64) -> Int64? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard var seconds = number(0...hours).map({ $0 * 3_600 }) else { return nil }
        for unit in [60, 1] as [Int64] where take(":") {
            guard let part = number(0...59) else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    /// `,date[/time]`, at two o'clock unless it says otherwise.
    mutating func moment() -> TimeZoneRules.YearlyRule.Moment? {
        guard take(","), let day = day() else { return nil }
        guard take("/") else { return .init(day: day, seconds: 7_200) }
        return time(upTo: 167).map { .init(day: day, seconds: $0) }
    }

    private mutating func day() -> TimeZoneRules.YearlyRule.Day? {
        if take("J") { return number(1...365).map { .ofCommonYear($0) } }
        guard take("M") else { return number(0...365).map { .ofYear($0) } }
        guard let month = number(1...12), take("."), let week = number(1...5), take("."),
            let day = number(0...6)
        else { return nil }
        return .weekday(month: month, week: week, day: day)
    }
}
