import TesseraHTML
import TesseraTime

/// An instant as people say it in English, counted from now: "2 hours ago", "in 29 days", "on 3 March 2027".
///
/// Units are rounded to the nearest; far from now a date says more than a count. Days are days of UTC.
struct TimePhrase: Sendable, Hashable {
    let instant: NumericDate
    let now: NumericDate

    init(_ instant: NumericDate, now: NumericDate) {
        self.instant = instant
        self.now = now
    }

    /// "just now", "5 minutes ago", "in 29 days", "on 3 March 2027".
    var text: String {
        let (difference, overflow) = instant.seconds.subtractingReportingOverflow(now.seconds)
        // Further apart than 64 bits of seconds can say is far enough for a date.
        guard !overflow, difference != .min else { return "on \(date)" }
        let isPast = difference <= 0
        let distance = abs(difference)

        let minutes = Self.nearest(distance, per: 60)
        let hours = Self.nearest(distance, per: 3600)
        let days = Self.nearest(distance, per: 86_400)
        if distance < 45 { return isPast ? "just now" : "in a moment" }
        if minutes < 60 { return Self.count(minutes, "minute", isPast) }
        if hours < 24 { return Self.count(hours, "hour", isPast) }
        if days <= (isPast ? Self.longestPastInDays : Self.longestFutureInDays) {
            return Self.count(days, "day", isPast)
        }
        return "on \(date)"
    }

    /// The day: "3 March 2027".
    var date: String {
        let parts = calendarParts
        return "\(parts.day) \(parts.month) \(parts.year)"
    }

    /// The instant to the minute: "3 March 2027, 09:30 UTC".
    var exact: String { "\(date), \(calendarParts.time) UTC" }

    private static let longestPastInDays: Int64 = 30
    private static let longestFutureInDays: Int64 = 99

    private static func nearest(_ seconds: Int64, per unit: Int64) -> Int64 {
        seconds / unit + (seconds % unit * 2 >= unit ? 1 : 0)
    }

    private static func count(_ number: Int64, _ unit: String, _ isPast: Bool) -> String {
        // 45 seconds and more are a minute.
        let number = max(number, 1)
        let phrase = number == 1 ? "1 \(unit)" : "\(number) \(unit)s"
        return isPast ? "\(phrase) ago" : "in \(phrase)"
    }

    /// Read off `2027-03-03T09:30:00Z`, whose columns are fixed, so that the calendar is computed in one place.
    private var calendarParts: (year: Substring, month: String, day: Int, time: Substring) {
        let text = instant.rfc3339
        func columns(_ range: Range<Int>) -> Substring {
            text.dropFirst(range.lowerBound).prefix(range.count)
        }
        let month = Int(columns(5..<7)) ?? 1
        let day = Int(columns(8..<10)) ?? 1
        return (columns(0..<4), Self.months[month - 1], day, columns(11..<16))
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ]
}

extension Page {
    /// An instant as a phrase, exact on hover and for machines.
    func time(_ instant: NumericDate) -> HTML {
        let phrase = TimePhrase(instant, now: context.now)
        return time(.datetime(instant.rfc3339), .title(phrase.exact)) { phrase.text }
    }

    /// An instant as a phrase, and as it is: "in 29 days (3 March 2027, 09:30 UTC)".
    func exact(_ instant: NumericDate) -> HTML {
        span {
            time(instant)
            span(.class("help")) { " (\(TimePhrase(instant, now: context.now).exact))" }
        }
    }
}
