import Synchronization

/// The counters of a server since its start.
public struct ServerCounters: Sendable, Hashable {
    /// Accepted connections.
    public var accepted: UInt64 = 0
    /// Connections that were closed at once because of a limit.
    public var turnedAway: UInt64 = 0
    /// Connections that are open now.
    public var open: UInt64 = 0
    /// Requests that were passed to the handler.
    public var requests: UInt64 = 0
    /// Requests that the engine itself refused.
    public var refused: UInt64 = 0
    /// Bytes that were read from sockets (inside TLS if it is used).
    public var bytesReceived: UInt64 = 0
    /// Bytes that were written to sockets (inside TLS if it is used).
    public var bytesSent: UInt64 = 0
}

/// The counters of one loop: written only by its thread, readable by all.
final class LoopCounters: Sendable {
    let accepted = Counter()
    let turnedAway = Counter()
    let closed = Counter()
    let requests = Counter()
    let refused = Counter()
    let bytesReceived = Counter()
    let bytesSent = Counter()

    /// A number with a single writer, so that an addition needs no locked instruction.
    struct Counter: ~Copyable, Sendable {
        private let storage = Atomic<UInt64>(0)
        var value: UInt64 { storage.load(ordering: .relaxed) }
        func add(_ amount: Int = 1) {
            storage.store(storage.load(ordering: .relaxed) &+ UInt64(amount), ordering: .relaxed)
        }
    }

    func add(to total: inout ServerCounters) {
        total.accepted += accepted.value
        total.turnedAway += turnedAway.value
        total.open += accepted.value - min(closed.value, accepted.value)
        total.requests += requests.value
        total.refused += refused.value
        total.bytesReceived += bytesReceived.value
        total.bytesSent += bytesSent.value
    }
}
