import Synchronization

/// What all connections of a server share.
final class ConnectionSettings: Sendable {
    let limits: HTTPLimits
    /// Whether each connection ends behind its next answer, so that its client goes elsewhere.
    let isDraining = Atomic<Bool>(false)
    /// The authorities we answer for, in lower case; empty if any well-formed one will do.
    let hosts: [[UInt8]]
    // The limits' durations in nanoseconds, so that setting a deadline is one addition.
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
