public import TesseraCore
import TesseraHTTP

extension PeerAddress {
    /// The address as the store of tokens keeps it.
    var client: ClientAddress {
        switch self {
        case .ipv4(let address, _): ClientAddress(high: 0, low: Self.mappedIPv4 | UInt64(address))
        case .ipv6(let high, let low, _): ClientAddress(high: high, low: low)
        case .local: .local
        }
    }

    fileprivate static let mappedIPv4: UInt64 = 0xFFFF_0000_0000
}

extension ClientAddress {
    /// In the usual notation (RFC 5952 for IPv6); `local` for a UNIX socket.
    public var text: String {
        if self == .local { return PeerAddress.local.host }
        if high == 0, low & ~0xFFFF_FFFF == PeerAddress.mappedIPv4 {
            return PeerAddress.ipv4(UInt32(truncatingIfNeeded: low), port: 0).host
        }
        return PeerAddress.ipv6(high, low, port: 0).host
    }
}
