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
    private let proxies: TrustedProxies?

    /// - Parameter proxies: Their connections are not counted against an address: each is for another client.
    init(limits: HTTPLimits, proxies: TrustedProxies?) {
        self.proxies = proxies
        limit = limits.connections
        limitPerAddress = limits.connectionsPerAddress
    }

    /// Counts a new connection from this end of it, if there is room for it.
    func admit(_ peer: PeerAddress) -> Bool {
        state.withLock { state in
            guard state.total < limit else { return false }
            if let key = countingKey(of: peer) {
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
            guard let key = countingKey(of: peer), let count = state.byAddress[key] else { return }
            state.byAddress[key] = count > 1 ? count - 1 : nil
        }
    }

    /// The address against which a connection is counted; `nil` for none.
    private func countingKey(of peer: PeerAddress) -> PeerAddress? {
        guard limitPerAddress > 0, proxies?.contains(peer) != true else { return nil }
        return peer.countingKey
    }
}
