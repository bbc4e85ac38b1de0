import TesseraCore
import TesseraHosting

extension Lifecycle {
    /// The numbers about refusals, passwords and the cache.
    static func metrics(
        of refusals: RefusalLog, throttle: SharedThrottle, cache: TokenCache
    ) -> [Metric] {
        let counts = refusals.counts
        return [
            Metric(
                "tessera_refusals_total", .counter, "Requests refused, by cause.",
                samples: RefusalCause.allCases.map { ([("cause", $0.rawValue)], Double(counts[$0] ?? 0)) }),
            Metric(
                "tessera_refusals_unexplained_total", .counter,
                "Refusals that were only counted, because there were too many in one second.",
                refusals.droppedCount),
            Metric(
                "tessera_passwords_not_tried_total", .counter,
                "Passwords that were not looked at because too many had been tried.", throttle.refusals),
            Metric("tessera_token_cache_entries", .gauge, "Verified tokens held in memory.", cache.count),
            Metric(
                "tessera_token_cache_bypassed", .gauge,
                "1 while changes by other nodes are not heard and every token is looked up in the database.",
                cache.isBypassed ? 1 : 0),
        ]
    }
}
