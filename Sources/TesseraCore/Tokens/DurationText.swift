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
        let seconds = duration.components.seconds
        if seconds == 0 { return "0" }
        for (unit, name) in [(86_400, "d"), (3_600, "h"), (60, "m")] as [(Int64, String)]
        where seconds % unit == 0 {
            return "\(seconds / unit)\(name)"
        }
        return "\(seconds)s"
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
