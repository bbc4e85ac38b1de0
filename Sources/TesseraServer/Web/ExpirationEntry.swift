import TesseraCore
import TesseraHTTP
import TesseraJOSE

/// When a token is to expire, as a form says it: a choice, or a date in its place.
struct ExpirationEntry: Sendable {
    /// Such as `30d`, or `never`.
    var choice: String
    /// `YYYY-MM-DD`, or empty.
    var date: String

    static let unusableDate = FieldError(fieldID: "expires_on", message: "Write the date as 2027-01-31.")

    /// The field that a problem with the expiry belongs to.
    var fieldID: String { date.isEmpty ? "expires" : "expires_on" }

    /// A program may write the date where the choice stands.
    init(choice: String, date: String) {
        let isChoice = choice == "never" || DurationText.parse(choice) != nil
        self.choice = choice
        self.date = date.isEmpty && !isChoice ? choice : date
    }

    /// The end of a token that is counted from now; `nil` when neither a choice nor a date is made.
    func expiry(at now: NumericDate) -> TokenChange.Expiry? {
        if !date.isEmpty { return NumericDate(date: date).map { .at($0) } }
        if choice == "never" { return .never }
        return DurationText.parse(choice).map { .at(now + $0) }
    }
}
