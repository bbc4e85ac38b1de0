/// Who is at the other end of a connection.
public enum PeerAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address in host byte order, and the port.
    case ipv4(UInt32, port: UInt16)
    /// The address as its two halves in host byte order, and the port.
    case ipv6(UInt64, UInt64, port: UInt16)
    /// A UNIX socket: whoever the file system lets in.
    case local

    /// The address without the port, in the usual notation (RFC 5952 for IPv6); `local` for a UNIX socket.
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

    /// The part of the address that one customer has: the address itself, or 64 bits of IPv6 (RFC 6177 §2).
    public var network: String {
        switch self {
        case .ipv4, .local: host
        // An IPv4 address in the clothes of IPv6 (RFC 4291 §2.5.5.2).
        case .ipv6(0, let low, _) where low >> 32 == 0xFFFF: host
        case .ipv6(let high, _, _): Self.text(ofIPv6: high, 0) + "/64"
        }
    }

    /// Whether it is a program on this machine.
    public var isLocal: Bool {
        switch self {
        case .ipv4(let address, _): address >> 24 == 127
        case .ipv6(let high, let low, _): high == 0 && (low == 1 || low >> 24 == 0xFFFF_7F)
        case .local: true
        }
    }

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
        // RFC 5952 §4.2: the longest run of two or more zero groups, the first of equals, becomes "::".
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
