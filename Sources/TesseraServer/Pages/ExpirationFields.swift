import TesseraJOSE

/// The fields in which people say when a token is to end: a choice of lifetimes, and a date that takes its place.
struct ExpirationFields: Markup {
    /// As in "Expiration".
    var name: String
    var offered: [Lifetime]
    /// The value of one of ``offered``.
    var chosen: String
    /// `YYYY-MM-DD`, or empty.
    var date: String
    var earliest: NumericDate
    /// Nil if the policy sets no limit.
    var latest: NumericDate?
    /// Those of the fields `expires` and `expires_on` are told here.
    var errors: [FieldError]

    var html: HTML {
        div(.class("pair")) {
            div(.class("field")) {
                label(.for("expires")) { name }
                messages(errors, for: "expires")
                select(
                    .id("expires"), .name("expires"), errors.describing("expires"), errors.marking("expires")
                ) {
                    for lifetime in offered {
                        option(.value(lifetime.value), .selected(lifetime.value == chosen)) { lifetime.name }
                    }
                }
            }
            div(.class("field")) {
                label(.for("expires_on")) { "Or until a date" }
                messages(errors, for: "expires_on")
                input(
                    .id("expires_on"), .name("expires_on"), .type("date"), .value(date),
                    .min(Self.day(of: earliest)), latest.map { .max(Self.day(of: $0)) } ?? .none,
                    errors.describing("expires_on", help: "expires-on-help"), errors.marking("expires_on"))
            }
            p(.class("help"), .id("expires-on-help")) {
                "If you set a date, it is used instead."
                if let latest { " Tokens may live until \(TimePhrase(latest, now: earliest).date) at most." }
            }
        }
    }

    private static func day(of instant: NumericDate) -> String { String(instant.rfc3339.prefix(10)) }
}
