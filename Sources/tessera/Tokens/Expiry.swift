import TesseraCore
import TesseraTime

/// The expiry of a token as typed: `30d`, a date, an instant or `never`. A token with a date works through that day
/// (UTC).
enum Expiry: Sendable, Hashable {
    case after(days: Int)
    case at(NumericDate)
    case never

    init?(_ text: String) {
        if text == "never" {
            self = .never
        } else if text.utf8.last == UInt8(ascii: "d"), let days = Self.number(text.dropLast()) {
            self = .after(days: days)
        } else if let day = CivilDate(text) {
            self = .at(min(TimeZoneRules.utc.end(of: day), TokenDesk.lastInstant))
        } else if let instant = NumericDate(rfc3339: text) {
            self = .at(instant)
        } else {
            return nil
        }
    }

    /// The instant of expiry; `nil` if the token never expires.
    func instant(from now: NumericDate) -> NumericDate? {
        switch self {
        case .after(let days): now + .seconds(days * 86_400)
        case .at(let instant): instant
        case .never: nil
        }
    }

    /// A positive number of at most five digits: 99,999 days are 273 years.
    private static func number(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text), number > 0
        else { return nil }
        return number
    }
}

extension ArgumentKind<Expiry> {
    static var expiry: ArgumentKind {
        ArgumentKind("WHEN", "a number of days such as 30d, a date such as 2027-01-31, or never") {
            Expiry($0)
        }
    }
}
