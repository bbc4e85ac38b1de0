/// The time of day at one place: how far its clocks are from UTC, at each instant.
///
/// Read from a file of the IANA time zone database (``init(tzif:)``), or plain UTC.
public struct TimeZoneRules: Sendable, Hashable {
    /// From `at` on, in seconds since the epoch, clocks are `offset` seconds east of UTC.
    struct Transition: Sendable, Hashable {
        var at: Int64
        var offset: Int64
    }

    /// The offset before the first transition.
    let initialOffset: Int64
    /// In rising order.
    let transitions: [Transition]
    /// The rule that holds from the last transition on; nil where the last offset stays.
    let rule: YearlyRule?

    /// Coordinated universal time, which no rule ever changes.
    public static let utc = TimeZoneRules(initialOffset: 0, transitions: [], rule: nil)

    init(initialOffset: Int64, transitions: [Transition], rule: YearlyRule?) {
        self.initialOffset = initialOffset
        self.transitions = transitions
        self.rule = rule
    }

    /// The day on the calendar of this place at an instant.
    public func date(at instant: NumericDate) -> CivilDate {
        let seconds = instant.seconds
        let offset = changes(from: seconds, through: seconds)[0].offset
        return CivilDate(daysSinceEpoch: (seconds + offset).flooringDivided(by: 86_400))
    }

    /// The first instant after a day: from it on, no clock of this place shows that day or one before it.
    ///
    /// A day may have 23 or 25 hours, its last midnight may not exist, and clocks may show it twice.
    public func end(of day: CivilDate) -> NumericDate {
        // The next midnight, as clocks show it. No clock is two days away from UTC.
        let midnight = (day.daysSinceEpoch + 1) * 86_400
        var end = midnight + 2 * 86_400
        for change in changes(from: midnight - 2 * 86_400, through: end).reversed() {
            let crossing = midnight - change.offset
            if crossing > change.at { return NumericDate(seconds: min(crossing, end)) }
            end = change.at
        }
        return NumericDate(seconds: end)
    }

    /// The offset at `start`, as a transition there, and the transitions behind it until `end`, in rising order.
    private func changes(from start: Int64, through end: Int64) -> [Transition] {
        var offset = initialOffset
        var changes: [Transition] = []
        for change in transitions + yearlyTransitions(from: start, through: end) where change.at <= end {
            if change.at <= start { offset = change.offset } else { changes.append(change) }
        }
        return [Transition(at: start, offset: offset)] + changes
    }

    /// Those transitions that the rule makes behind the last one of the table, from the year before `start` on.
    private func yearlyTransitions(from start: Int64, through end: Int64) -> [Transition] {
        guard let rule else { return [] }
        let years = [start, end].map { CivilDate(daysSinceEpoch: $0.flooringDivided(by: 86_400)).year }
        let last = transitions.last?.at ?? .min
        return (years[0] - 1...years[1] + 1).flatMap(rule.transitions(in:)).filter { $0.at > last }
    }
}
