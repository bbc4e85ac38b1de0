import TesseraHTML
import TesseraTime

/// `/settings/tokens/ID/expiry`: another end for a token.
struct TokenExpiryPage: Page {
    var context: PageContext
    var token: TokenSummary
    /// The choices: the present end first, then the lifetimes that are counted from now, the shortest first.
    var lifetimes: [Lifetime]
    /// The latest instant that may be chosen; nil if there is none.
    var latest: NumericDate?
    /// The value of the lifetime that is chosen.
    var chosen: String
    /// `YYYY-MM-DD` as it was typed, or empty; takes the place of ``chosen``.
    var date = ""
    /// The problems of the form that was sent; empty at first.
    var errors: [FieldError] = []

    var title: String { errors.isEmpty ? "Change expiry" : "Error: Change expiry" }
    var place: SettingsPlace? { .tokens }

    var content: HTML {
        h1 {
            "Change when “"
            bdi { token.name }
            "” expires"
        }
        p(.class("lead")) {
            if let expires = token.expires {
                "At present it expires "
                time(expires)
                ", on \(TimePhrase(expires, now: context.now).exact). "
            } else {
                "At present it never expires. "
            }
            "Each choice shows the instant at which the token would expire."
        }
        if !errors.isEmpty { ErrorSummary(heading: "Its expiry is not changed", errors: errors).html }
        form(.class("card stack"), .action("\(token.path)/expiry"), .post, .noValidate) {
            csrfField
            ExpirationFields(
                name: "Expiration", offered: lifetimes, chosen: chosen, date: date, now: context.now,
                latest: latest, errors: errors
            ).html
            buttons("Change expiry", cancel: token.path)
        }
    }
}
