/// The proxies that are trusted to name the client's address. This folder contains everything about proxies:
/// ``TrustedProxies/client(of:behind:)`` reads the fields that they add, and ``ProxyHeader`` the PROXY protocol.
public struct TrustedProxies: Sendable, Hashable {
    private let blocks: [ProxyBlock]

    /// Makes the list; `nil` if it is empty, because an empty list trusts no connection.
    init?(_ blocks: [ProxyBlock]) {
        guard !blocks.isEmpty else { return nil }
        self.blocks = blocks
    }

    /// Reports whether this address belongs to a trusted proxy.
    func contains(_ peer: PeerAddress) -> Bool { blocks.contains { $0.contains(peer) } }
}

/// A trusted proxy, or a network of trusted proxies.
public struct ProxyBlock: Sendable, Hashable, CustomStringConvertible {
    private enum Extent: Hashable {
        case unix
        /// The first address as an IPv6 number, and the length of the prefix in bits.
        case addresses(UInt128, bits: Int)
    }

    /// The text from which the block was parsed.
    public let description: String
    private let extent: Extent

    /// Parses `ADDRESS/BITS`, `ADDRESS` for a single address, or `unix` for all clients of a UNIX socket; `nil` for any
    /// other text.
    ///
    /// Bits after the first `BITS` are ignored: `10.0.0.5/8` equals `10.0.0.0/8`.
    public init?(parsing text: String) {
        description = text
        if text == "unix" {
            extent = .unix
            return
        }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        guard let address = PeerAddress(address: parts[0]), let number = address.number else { return nil }
        // An IPv4 address occupies the last 32 bits (RFC 4291 §2.5.5.2), also if it was written as IPv6.
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
            // A shift by 128 gives zero: a prefix of zero bits matches every address.
            return (number ^ first) >> UInt128(128 - bits) == 0
        }
    }
}

extension PeerAddress {
    /// The address as one IPv6 number; `nil` for a UNIX socket.
    fileprivate var number: UInt128? {
        switch self {
        case .ipv4(let address, _): 0xFFFF_0000_0000 | UInt128(address)
        case .ipv6(let high, let low, _): UInt128(high) << 64 | UInt128(low)
        case .local: nil
        }
    }
}
