import TesseraCore
import TesseraHTTP
import TesseraHosting
import TesseraTime

/// The expiry of a token as a form gives it: a choice, or a date in its place.
struct ExpirationEntry: Sendable {
    /// Such as `30d`, or `never`; ``keep`` where a present expiry stays.
    var choice: String
    /// `YYYY-MM-DD`, or empty.
    var date: String
    /// The zone in which the date is a day.
    var zone: TimeZoneRules

    /// The choice that leaves the expiry of a token as it is.
    static let keep = "keep"

    static let unusableDate = FieldError(fieldID: "expires_on", message: "Write the date as 2027-01-31.")

    /// The field that a problem with the expiry belongs to.
    var fieldID: String { date.isEmpty ? "expires" : "expires_on" }

    /// A program may write the date where the choice stands.
    init(choice: String, date: String, zone: TimeZoneRules = .utc) {
        let isChoice = ["never", Self.keep].contains(choice) || DurationText.parse(choice) != nil
        self.choice = choice
        self.date = date.isEmpty && !isChoice ? choice : date
        self.zone = zone
    }

    /// Indicates that the expiry stays as it is.
    var keepsPresent: Bool { date.isEmpty && choice == Self.keep }

    /// The end of a token that is counted from now, or lies behind the day of the date; `nil` when neither a choice nor a date
    /// is made.
    func expiry(at now: NumericDate) -> TokenChange.Expiry? {
        if !date.isEmpty { return CivilDate(date).map { .at(min(zone.end(of: $0), TokenDesk.lastInstant)) } }
        if choice == "never" { return .never }
        return DurationText.parse(choice).map { .at(now + $0) }
    }
}

extension ExpirationEntry {
    /// The end that a form says: `expires`, `expires_on`, and `time_zone`, in which the date is a day. A zone that is not known
    /// here counts as UTC, as none does.
    init(in form: FormParameters) throws(HTTPError) {
        self.init(
            choice: try form.text("expires") ?? "", date: try form.text("expires_on") ?? "",
            zone: try form.text("time_zone").flatMap(TimeZoneFiles.rules(of:)) ?? .utc)
    }
}
