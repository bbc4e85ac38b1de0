import Synchronization

/// Counts open connections, in total and for each address, and enforces the limits.
///
/// Used once for each connection, never for a request.
final class Admission: Sendable {
    private struct State {
        var total = 0
        var byAddress: [PeerAddress: Int] = [:]
    }

    private let state = Mutex(State())
    private let limit: Int
    private let limitPerAddress: Int
    private let proxies: TrustedProxies?

    /// Makes a counter for a server.
    ///
    /// - Parameter proxies: Proxies whose connections are not counted by address, because each serves a different
    ///   client.
    init(limits: HTTPLimits, proxies: TrustedProxies?) {
        self.proxies = proxies
        limit = limits.connections
        limitPerAddress = limits.connectionsPerAddress
    }

    /// Counts a new connection from `peer`. Returns `false`, and counts nothing, if a limit is reached.
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

    /// Counts the end of an admitted connection.
    func leave(_ peer: PeerAddress) {
        state.withLock { state in
            state.total -= 1
            guard let key = countingKey(of: peer), let count = state.byAddress[key] else { return }
            state.byAddress[key] = count > 1 ? count - 1 : nil
        }
    }

    /// The address by which a connection is counted; `nil` if it is not counted by address.
    private func countingKey(of peer: PeerAddress) -> PeerAddress? {
        guard limitPerAddress > 0, proxies?.contains(peer) != true else { return nil }
        return peer.countingKey
    }
}
