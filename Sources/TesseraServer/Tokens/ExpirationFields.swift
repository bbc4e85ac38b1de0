import TesseraHTML
import TesseraTime

/// The fields in which people say when a token is to end: a choice of lifetimes, and a date that takes its place.
struct ExpirationFields: Markup {
    /// As in "Expiration".
    var name: String
    var offered: [Lifetime]
    /// The value of one of ``offered``.
    var chosen: String
    /// `YYYY-MM-DD`, or empty.
    var date: String
    /// The instant of the page: the present day is the first that may be chosen, and ends at its end.
    var now: NumericDate
    /// The latest instant at which a token may end; nil if the policy sets no limit.
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
            if hasDays { dateField }
            // Filled in by the script. Without one, a date is a day of UTC.
            input(.id("time_zone"), .type("hidden"), .name("time_zone"), .value(""))
        }
    }

    @HTMLBuilder private var dateField: HTML {
        div(.class("field")) {
            label(.for("expires_on")) { "Or until a date" }
            messages(errors, for: "expires_on")
            input(
                .id("expires_on"), .name("expires_on"), .type("date"), .value(date), .min(firstDay.text),
                lastDay.map { .max($0.text) } ?? .none, Attribute("data-now", now.rfc3339),
                latest.map { Attribute("data-latest", $0.rfc3339) } ?? .none,
                errors.describing("expires_on", help: "expires-on-help"), errors.marking("expires_on"))
        }
        p(.class("help"), .id("expires-on-help")) {
            "If you set a date, it is used instead, and the token works through that day"
            span(.id("expires-on-zone")) { " (UTC)" }
            "."
            if let latest { " Tokens may live until \(TimePhrase(latest, now: now).exact) at most." }
            " "
            span(.id("expires-on-end"), .role("status")) {}
        }
    }

    /// The days of UTC that may be chosen; the script puts those of the reader's own zone in their place.
    private var firstDay: CivilDate { TimeZoneRules.utc.date(at: now) }

    /// The last day whose end is no later than ``latest``.
    private var lastDay: CivilDate? { latest.map { TimeZoneRules.utc.date(at: $0).previous } }

    /// Reports whether any day of any zone ends early enough: every day does from this time on.
    private var hasDays: Bool { latest.map { $0 >= now + .seconds(86_400) } ?? true }
}
