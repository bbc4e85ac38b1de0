import Synchronization

/// Tells operators, once each time, that the clocks of the database and of this machine have come apart, or agree again.
///
/// Tokens expire by the clock of each node, and what is done once for all nodes goes by that of the database: where they
/// differ, nothing that was confirmed changes, and yet people are surprised.
package final class ClockComparison: Sendable {
    /// Beyond this it is told.
    private static let tolerance = Duration.seconds(5)

    private let areApart = Mutex(false)
    private let log: Log

    package init(log: Log) { self.log = log }

    /// - Parameter lead: How far the clock of the database is ahead; `nil` when that is not known.
    package func look(at lead: Duration?) {
        guard let lead else { return }
        let isBeyond = lead > Self.tolerance || lead < .zero - Self.tolerance
        let isNews = areApart.withLock { areApart in
            defer { areApart = isBeyond }
            return areApart != isBeyond
        }
        guard isNews else { return }
        if isBeyond {
            let seconds = Int((lead / .seconds(1)).magnitude.rounded())
            log.warning(
                "the clock of the database is \(seconds) s \(lead > .zero ? "ahead of" : "behind") this machine's: one of them is wrong"
            )
        } else {
            log.info("the clocks of the database and of this machine agree again")
        }
    }
}
