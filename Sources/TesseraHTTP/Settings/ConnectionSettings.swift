import Synchronization

/// The settings that all connections of a server share.
final class ConnectionSettings: Sendable {
    let limits: HTTPLimits
    /// Indicates that each connection closes after its next response, so that its client moves to another server.
    let isDraining = Atomic<Bool>(false)
    /// The accepted authorities in lower case; empty accepts every well-formed one.
    let hosts: [[UInt8]]
    // The time limits in nanoseconds, so that a deadline is one addition.
    let headerTime, bodyTime, idleTime, writeStallTime, lingeringTime: Int64

    init(limits: HTTPLimits, hosts: [String]) {
        self.limits = limits
        self.hosts = hosts.map { Array($0.lowercased().utf8) }
        headerTime = limits.headerTime.clampedNanoseconds
        bodyTime = limits.bodyTime.clampedNanoseconds
        idleTime = limits.idleTime.clampedNanoseconds
        writeStallTime = limits.writeStallTime.clampedNanoseconds
        lingeringTime = limits.lingeringTime.clampedNanoseconds
    }
}

extension Duration {
    /// The duration in whole nanoseconds, at most `Int64.max`.
    var clampedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflows else { return .max }
        let (sum, overflowsToo) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflowsToo ? .max : sum
    }
}
