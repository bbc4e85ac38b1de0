/// The proxies whose word about the client's address is believed. Everything about proxies is in this folder:
/// ``TrustedProxies/client(of:behind:)`` reads the fields that they add, ``ProxyHeader`` the PROXY protocol.
public struct TrustedProxies: Sendable, Hashable {
    private let blocks: [ProxyBlock]

    /// Makes the list; `nil` when it is empty, since an empty list trusts no connection.
    init?(_ blocks: [ProxyBlock]) {
        guard !blocks.isEmpty else { return nil }
        self.blocks = blocks
    }

    /// Whether this address is that of a trusted proxy.
    func contains(_ peer: PeerAddress) -> Bool { blocks.contains { $0.contains(peer) } }
}

/// A trusted proxy, or a network of them.
public struct ProxyBlock: Sendable, Hashable, CustomStringConvertible {
    private enum Extent: Hashable {
        case unix
        /// The first address in the form of IPv6, and how many of its 128 bits count.
        case addresses(UInt128, bits: Int)
    }

    /// The text from which it was made.
    public let description: String
    private let extent: Extent

    /// Parses `ADDRESS/BITS`, `ADDRESS` for that address alone, or `unix` for every client of a UNIX socket; `nil` for
    /// anything else.
    ///
    /// Bits of the address behind the first `BITS` do not count: `10.0.0.5/8` is `10.0.0.0/8`.
    public init?(parsing text: String) {
        description = text
        if text == "unix" {
            extent = .unix
            return
        }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        guard let address = PeerAddress(address: parts[0]), let number = address.number else { return nil }
        // An address of IPv4 stands in the last 32 bits (RFC 4291 §2.5.5.2), also when it was written as IPv6.
        let isIPv4Text = !parts[0].utf8.contains(0x3A)
        let width = isIPv4Text ? 32 : 128
        var bits = width
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
                digits.count == 1 || digits.first != 0x30, let given = Int(parts[1]), given <= width
            else { return nil }
            bits = given
        }
        extent = .addresses(number, bits: bits + 128 - width)
    }

    fileprivate func contains(_ peer: PeerAddress) -> Bool {
        switch extent {
        case .unix: return peer == .local
        case .addresses(let first, let bits):
            guard let number = peer.number else { return false }
            // A shift by 128 gives zero: with no bits that count, every address is the same.
            return (number ^ first) >> UInt128(128 - bits) == 0
        }
    }
}

extension PeerAddress {
    /// Parses an IP address without brackets and without a port; `nil` for anything else. An IPv4 address that is
    /// written as IPv6 (RFC 4291 §2.5.5.2) becomes IPv4.
    init?(address text: String, port: UInt16 = 0) {
        guard let parsed = SocketAddress.parse(text, port: port) else { return nil }
        self = parsed.unmapped
    }

    /// The same address, as IPv4 if it is an IPv4 address in the form of IPv6.
    var unmapped: PeerAddress {
        guard case .ipv6(0, let low, let port) = self, low >> 32 == 0xFFFF else { return self }
        return .ipv4(UInt32(truncatingIfNeeded: low), port: port)
    }

    /// The address as one number in the form of IPv6; `nil` for a UNIX socket.
    fileprivate var number: UInt128? {
        switch self {
        case .ipv4(let address, _): 0xFFFF_0000_0000 | UInt128(address)
        case .ipv6(let high, let low, _): UInt128(high) << 64 | UInt128(low)
        case .local: nil
        }
    }
}
