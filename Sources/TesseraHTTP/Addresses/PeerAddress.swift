/// The other end of a connection.
public enum PeerAddress: Sendable, Hashable, CustomStringConvertible {
    /// An address in host byte order, and a port.
    case ipv4(UInt32, port: UInt16)
    /// The two halves of an address in host byte order, and a port.
    case ipv6(UInt64, UInt64, port: UInt16)
    /// A client of a UNIX socket; the file system decides which processes may connect.
    case local

    /// The address without the port, in the usual notation (RFC 5952 for IPv6), or `local` for a UNIX socket.
    public var host: String {
        switch self {
        case .ipv4(let address, _):
            return "\(address >> 24).\(address >> 16 & 0xFF).\(address >> 8 & 0xFF).\(address & 0xFF)"
        case .ipv6(let high, let low, _):
            return Self.text(ofIPv6: high, low)
        case .local:
            return "local"
        }
    }

    /// The address range of one customer: an IPv4 address, or a /64 of IPv6 (RFC 6177 §2).
    public var network: String {
        switch self {
        case .ipv4, .local: host
        // An IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2).
        case .ipv6(0, let low, _) where low >> 32 == 0xFFFF: host
        case .ipv6(let high, _, _): Self.text(ofIPv6: high, 0) + "/64"
        }
    }

    /// Indicates that the other end is on this machine.
    public var isLocal: Bool {
        switch self {
        case .ipv4(let address, _): address >> 24 == 127
        case .ipv6(let high, let low, _): high == 0 && (low == 1 || low >> 24 == 0xFFFF_7F)
        case .local: true
        }
    }

    /// The host and the port, with brackets around an IPv6 address.
    public var description: String {
        switch self {
        case .ipv4(_, let port): "\(host):\(port)"
        case .ipv6(_, _, let port): "[\(host)]:\(port)"
        case .local: "local"
        }
    }

    private static func text(ofIPv6 high: UInt64, _ low: UInt64) -> String {
        let groups = (0..<8).map { index in
            UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - 16 * (index % 4)))
        }
        // RFC 5952 §4.2: `::` replaces the longest run of two or more zero groups, the first of equals.
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > best.count, end - start >= 2 { best = start..<end }
            start = max(end, start + 1)
        }
        let words = groups.map { String($0, radix: 16) }
        guard !best.isEmpty else { return words.joined(separator: ":") }
        return words[..<best.lowerBound].joined(separator: ":") + "::"
            + words[best.upperBound...].joined(separator: ":")
    }
}
