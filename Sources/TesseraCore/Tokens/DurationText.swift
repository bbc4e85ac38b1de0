/// Durations as people and programs write them: a whole number and a unit, such as `90s`, `15m`, `24h` or `7d`.
///
/// `0` alone is none at all. At most five digits: 99,999 days are 273 years.
public enum DurationText {
    /// The duration; `nil` for a text of another form.
    public static func parse(_ text: String) -> Duration? {
        if text == "0" { return .zero }
        let digits = text.utf8.dropLast()
        guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(text.dropLast()), let unit = seconds(of: text.utf8.last)
        else { return nil }
        return .seconds(number * unit)
    }

    /// The duration in the largest unit of which it is a whole number.
    public static func format(_ duration: Duration) -> String {
        let (number, unit) = parts(duration)
        return number == 0 ? "0" : "\(number)\(unit.prefix(1))"
    }

    /// The same as a sentence says it: "7 days".
    public static func words(_ duration: Duration) -> String {
        let (number, unit) = parts(duration)
        return number == 1 ? "1 \(unit)" : "\(number) \(unit)s"
    }

    private static func parts(_ duration: Duration) -> (Int64, String) {
        let seconds = duration.components.seconds
        for (length, unit) in [(86_400, "day"), (3_600, "hour"), (60, "minute")] as [(Int64, String)]
        where seconds != 0 && seconds % length == 0 {
            return (seconds / length, unit)
        }
        return (seconds, "second")
    }

    private static func seconds(of unit: UInt8?) -> Int64? {
        switch unit {
        case UInt8(ascii: "s"): 1
        case UInt8(ascii: "m"): 60
        case UInt8(ascii: "h"): 3_600
        case UInt8(ascii: "d"): 86_400
        default: nil
        }
    }
}
