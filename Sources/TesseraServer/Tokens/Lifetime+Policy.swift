import TesseraCore
import TesseraTime

extension Lifetime {
    /// The usual choices, with their days.
    private static let usual: [(lifetime: Lifetime, days: Int?)] = [
        (Lifetime(value: "7d", name: "7 days"), 7), (Lifetime(value: "30d", name: "30 days"), 30),
        (Lifetime(value: "90d", name: "90 days"), 90), (Lifetime(value: "365d", name: "1 year"), 365),
        (Lifetime(value: "never", name: "No expiration"), nil),
    ]

    /// The choices of a form, the shortest first: those that the policy allows, and the longest one, `nil` for no limit.
    static func offered(upTo longest: Duration?) -> [Lifetime] {
        guard let longest else { return usual.map(\.lifetime) }
        let allowed = usual.filter { $0.days.map { .seconds($0 * 86_400) <= longest } ?? false }
        let last = Lifetime(value: DurationText.format(longest), name: words(for: longest))
        return allowed.map(\.lifetime).filter { $0.value != last.value } + [last]
    }

    /// The present end of a token as a choice of a form: "never" where that is offered, else one that keeps the end.
    static func present(
        _ end: NumericDate?, amongst offered: [Lifetime], at now: NumericDate
    ) -> Lifetime {
        guard let end else {
            return offered.first { $0.value == "never" }
                ?? Lifetime(value: ExpirationEntry.keep, name: "As it is: never")
        }
        return Lifetime(
            value: ExpirationEntry.keep, name: "As it is: \(TimePhrase(end, now: now).exact)")
    }

    /// The same, with the instant at which a token ends for which it is chosen now.
    func ending(at now: NumericDate) -> Lifetime {
        guard let duration = DurationText.parse(value) else { return self }
        return Lifetime(value: value, name: "\(name): \(TimePhrase(now + duration, now: now).exact)")
    }

    /// A duration in words: "45 days", "12 hours".
    static func words(for duration: Duration) -> String {
        let text = DurationText.format(duration)
        let units: [Character: String] = ["d": "day", "h": "hour", "m": "minute", "s": "second"]
        guard let unit = text.last.flatMap({ units[$0] }) else { return text }
        let number = text.dropLast()
        return number == "1" ? "1 \(unit)" : "\(number) \(unit)s"
    }
}

extension [Lifetime] {
    /// The one that is chosen until the person chooses: 30 days, or the longest of shorter ones.
    var preselected: String { first { $0.value == "30d" }?.value ?? last?.value ?? "" }
}
