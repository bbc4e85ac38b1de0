extension NumericDate {
    /// The instant as RFC 3339 §5.6 writes it, in UTC: `2026-11-23T23:05:00Z`.
    ///
    /// Milliseconds appear only when there are some. An instant outside the years 0000–9999 is written as the
    /// nearest one inside.
    public var rfc3339: String {
        String(unsafeUninitializedCapacity: Self.longestRFC3339) { buffer in
            buffer.baseAddress.map(writeRFC3339) ?? 0
        }
    }

    /// The most bytes that ``writeRFC3339(into:)`` stores.
    public static let longestRFC3339 = 24

    /// Stores the text of ``rfc3339`` in memory of the caller, without a string.
    ///
    /// - Parameter output: Room for ``longestRFC3339`` bytes.
    /// - Returns: How many bytes were stored.
    public func writeRFC3339(into output: UnsafeMutablePointer<UInt8>) -> Int {
        let moment = Moment(self)
        var text = ASCIIText(output)
        text.append("0000-00-00T00:00:00")
        text.put(moment.date.year, digits: 4, at: 0)
        text.put(moment.date.month, digits: 2, at: 5)
        text.put(moment.date.day, digits: 2, at: 8)
        text.put(moment.hour, digits: 2, at: 11)
        text.put(moment.minute, digits: 2, at: 14)
        text.put(moment.second, digits: 2, at: 17)
        if moment.millisecond != 0 {
            text.append(".000")
            text.put(moment.millisecond, digits: 3, at: 20)
        }
        text.append("Z")
        return text.count
    }

    /// The instant as HTTP's `Date` writes it, whole seconds in UTC: `Sun, 06 Nov 1994 08:49:37 GMT` —
    /// RFC 9110 §5.6.7.
    ///
    /// An instant outside the years 0000–9999 is written as the nearest one inside.
    public var httpDate: String {
        let moment = Moment(self)
        // The epoch was a Thursday.
        let weekday = moment.days + 3 - (moment.days + 3).flooringDivided(by: 7) * 7
        return String(unsafeUninitializedCapacity: 29) { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            var text = ASCIIText(start)
            text.append(Self.weekdays[Int(weekday)])
            text.append(", ")
            text.append(moment.date.day, digits: 2)
            text.append(" ")
            text.append(Self.months[Int(moment.date.month) - 1])
            text.append(" ")
            text.append(moment.date.year, digits: 4)
            text.append(" ")
            text.append(moment.hour, digits: 2)
            text.append(":")
            text.append(moment.minute, digits: 2)
            text.append(":")
            text.append(moment.second, digits: 2)
            text.append(" GMT")
            return text.count
        }
    }

    /// Parses a date and time with its offset: `2026-11-23T23:05:00.25+01:00` — RFC 3339 §5.6.
    ///
    /// `T` and `Z` may be in lower case. Digits of a fraction beyond milliseconds are dropped. A leap second is the
    /// second behind it, as in POSIX time; it must be the last of a month in UTC (RFC 3339 §5.7).
    ///
    /// - Returns: nil for anything else: a day that does not exist, `24:00`, an instant whose UTC year is not
    ///   0000–9999, white space.
    public init?(rfc3339 text: String) {
        var reader = ASCIIReader(text)
        guard let date = reader.date(),
            reader.take("T") || reader.take("t"),
            let hour = reader.number(digits: 2), hour <= 23,
            reader.take(":"),
            let minute = reader.number(digits: 2), minute <= 59,
            reader.take(":"),
            let second = reader.number(digits: 2), second <= 60,
            let millisecond = reader.fraction(),
            let offset = reader.offset(),
            reader.isAtEnd
        else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second - offset
        guard second < 60 || Self.endsMonth(seconds - 1) else { return nil }
        self.init(milliseconds: seconds * 1_000 + millisecond)
        guard (Self.firstOfYear0...Self.lastOfYear9999).contains(milliseconds) else { return nil }
    }

    /// Parses a day, `2026-11-23`, as its first instant in UTC — `full-date` of RFC 3339 §5.6.
    ///
    /// - Returns: nil for a day that does not exist, a year that is not 0000–9999, or anything around it.
    public init?(date text: String) {
        var reader = ASCIIReader(text)
        guard let date = reader.date(), reader.isAtEnd else { return nil }
        self.init(seconds: date.daysSinceEpoch * 86_400)
    }

    /// Reports whether this second since the epoch is the last of a month in UTC, leap seconds apart.
    private static func endsMonth(_ second: Int64) -> Bool {
        let day = second.flooringDivided(by: 86_400)
        return second - day * 86_400 == 86_399 && CivilDate(daysSinceEpoch: day).isLastOfMonth
    }

    fileprivate static let firstOfYear0: Int64 = -62_167_219_200_000
    fileprivate static let lastOfYear9999: Int64 = 253_402_300_799_999

    private static let weekdays: [StaticString] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

/// An instant taken apart in UTC.
private struct Moment {
    let days: Int64
    let date: CivilDate
    let hour: Int64
    let minute: Int64
    let second: Int64
    let millisecond: Int64

    init(_ instant: NumericDate) {
        let milliseconds = min(
            max(instant.milliseconds, NumericDate.firstOfYear0), NumericDate.lastOfYear9999)
        days = milliseconds.flooringDivided(by: 86_400_000)
        date = CivilDate(daysSinceEpoch: days)
        let inDay = milliseconds - days * 86_400_000
        hour = inDay / 3_600_000
        minute = inDay / 60_000 % 60
        second = inDay / 1_000 % 60
        millisecond = inDay % 1_000
    }
}

/// A text that is being written into memory of the caller.
private struct ASCIIText {
    private let start: UnsafeMutablePointer<UInt8>
    private(set) var count = 0

    init(_ start: UnsafeMutablePointer<UInt8>) { self.start = start }

    mutating func append(_ text: StaticString) {
        (start + count).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        count += text.utf8CodeUnitCount
    }

    /// Appends exactly that many digits of a number that has no more.
    @inline(__always)
    mutating func append(_ number: Int64, digits: Int) {
        put(number, digits: digits, at: count)
        count += digits
    }

    /// Stores exactly that many digits of a number that has no more. Inlined, so that for a known count there is no loop.
    @inline(__always)
    func put(_ number: Int64, digits: Int, at place: Int) {
        var rest = UInt32(truncatingIfNeeded: number)
        var index = place &+ digits
        while index > place {
            index &-= 1
            start[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}

/// Reads the productions of RFC 3339 §5.6 from the front of a text; nil when what stands there is another.
private struct ASCIIReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func digit() -> Int64? {
        guard let byte = rest.first, (0x30...0x39).contains(byte) else { return nil }
        rest.removeFirst()
        return Int64(byte - 0x30)
    }

    mutating func number(digits: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    mutating func date() -> CivilDate? {
        guard let year = number(digits: 4), take("-"), let month = number(digits: 2), take("-"),
            let day = number(digits: 2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// The milliseconds of an optional fraction, which has at least one digit when it is there.
    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        var milliseconds: Int64 = 0
        var scale: Int64 = 100
        guard var next = digit() else { return nil }
        while true {
            milliseconds += next * scale
            scale /= 10
            guard let another = digit() else { return milliseconds }
            next = another
        }
    }

    /// Seconds east of UTC.
    mutating func offset() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64
        if take("+") {
            sign = 1
        } else if take("-") {
            sign = -1
        } else {
            return nil
        }
        guard let hours = number(digits: 2), hours <= 23, take(":"), let minutes = number(digits: 2),
            minutes <= 59
        else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }
}
