import Synchronization

/// What a server has done since it started.
public struct ServerCounters: Sendable, Hashable {
    /// Connections taken.
    public var accepted: UInt64 = 0
    /// Connections closed at once because there were too many.
    public var turnedAway: UInt64 = 0
    /// Connections open now.
    public var open: UInt64 = 0
    /// Requests handed to the handler.
    public var requests: UInt64 = 0
    /// Requests refused by the engine itself.
    public var refused: UInt64 = 0
    /// Bytes read and written, as on the socket (inside TLS, if any).
    public var bytesReceived: UInt64 = 0
    public var bytesSent: UInt64 = 0
}

/// The counters of one loop: written by its thread alone, read by any.
final class LoopCounters: Sendable {
    let accepted = Counter()
    let turnedAway = Counter()
    let closed = Counter()
    let requests = Counter()
    let refused = Counter()
    let bytesReceived = Counter()
    let bytesSent = Counter()

    /// A number with a single writer, so that adding needs no locked instruction.
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
