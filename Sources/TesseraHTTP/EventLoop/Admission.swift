import Synchronization

/// Counts open connections, in all and for each address, and says when there are too many.
///
/// Asked once for each connection, never for a request.
final class Admission: Sendable {
    private struct State {
        var total = 0
        var byAddress: [PeerAddress: Int] = [:]
    }

    private let state = Mutex(State())
    private let limit: Int
    private let limitPerAddress: Int

    init(limits: HTTPLimits) {
        limit = limits.connections
        limitPerAddress = limits.connectionsPerAddress
    }

    /// Counts a new connection, if there is room for it.
    func admit(_ peer: PeerAddress) -> Bool {
        state.withLock { state in
            guard state.total < limit else { return false }
            if limitPerAddress > 0, let key = peer.countingKey {
                let count = state.byAddress[key, default: 0]
                guard count < limitPerAddress else { return false }
                state.byAddress[key] = count + 1
            }
            state.total += 1
            return true
        }
    }

    /// Counts the end of a connection that was admitted.
    func leave(_ peer: PeerAddress) {
        state.withLock { state in
            state.total -= 1
            guard limitPerAddress > 0, let key = peer.countingKey, let count = state.byAddress[key] else {
                return
            }
            state.byAddress[key] = count > 1 ? count - 1 : nil
        }
    }
}
