/// An address on which the server listens.
public enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IPv4 or IPv6 address (without brackets) or `localhost`, and a port. Port 0 lets the system choose one.
    case tcp(host: String, port: Int)
    /// The path of a UNIX socket. Its owner and its group may connect (mode 0660, independent of the umask). The group
    /// is that of the process, or that of the directory if its setgid bit is set.
    case unix(path: String)

    /// Parses `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` or `unix:/path`; `nil` for anything else.
    public init?(parsing text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty, path.utf8.count < 108, !path.utf8.contains(0) else { return nil }
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...].utf8
        guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(text[text.index(after: colon)...]), port <= 65_535
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard SocketAddress.isIPv6(host) else { return nil }
        } else {
            guard host == "localhost" || SocketAddress.isIPv4(host) else { return nil }
        }
        self = .tcp(host: host, port: port)
    }

    /// Indicates that the address stands for all addresses of this machine, such as `0.0.0.0`, so that a client cannot
    /// connect to it by name.
    public var isEveryAddress: Bool {
        guard case .tcp(let host, _) = self, let address = PeerAddress(address: host) else { return false }
        switch address {
        case .ipv4(0, _), .ipv6(0, 0, _): return true
        default: return false
        }
    }

    /// The address at which a program on this machine reaches this listener.
    public var onThisMachine: ListenAddress {
        guard isEveryAddress, case .tcp(let host, let port) = self else { return self }
        return .tcp(host: SocketAddress.isIPv4(host) ? "127.0.0.1" : "::1", port: port)
    }

    /// The text that ``init(parsing:)`` accepts.
    public var description: String {
        switch self {
        case .tcp(let host, let port): host.utf8.contains(0x3A) ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
