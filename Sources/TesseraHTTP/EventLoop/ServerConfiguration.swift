import TesseraCLinux

/// What a server needs to know before it starts.
public struct ServerConfiguration: Sendable {
    /// Where to listen. Default `127.0.0.1:8080`.
    public var listen = ListenAddress.tcp(host: "127.0.0.1", port: 8080)
    /// How many event loops, each with a thread of its own. Default: one for each processor this process may use.
    public var loops = ServerConfiguration.processors
    /// How much, and for how long, one connection may ask.
    public var limits = HTTPLimits()
    /// The authorities (`host` or `host:port`) that requests may name; others are answered 421. Empty: any
    /// well-formed one.
    public var hosts: [String] = []
    /// The proxies whose `Forwarded` and `X-Forwarded-For` fields are believed for the address of the client. Default:
    /// none.
    public var trustedProxies: [ProxyBlock] = []
    /// Whether each connection of a trusted proxy begins with a header of the PROXY protocol, version 1 or 2. One that
    /// does not is closed; from every other address, such a header is a malformed request. Default: no.
    public var expectsProxyHeader = false
    /// The certificate to serve TLS with; `nil` for plain HTTP.
    public var tls: TLSConfiguration?

    public init() {}

    /// How many processors this process may use, as `sched_getaffinity` says; at least 1.
    public static var processors: Int {
        Int(tessera_processors())
    }
}

/// The files TLS is served with.
public struct TLSConfiguration: Sendable {
    /// A PEM file with the certificate, followed by those that lead to its root.
    public var certificateFile: String
    /// A PEM file with the certificate's private key, not encrypted.
    public var keyFile: String

    public init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}

/// An address to listen at.
public enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IPv4 or IPv6 address (without brackets) or `localhost`, and a port; 0 lets the system choose one.
    case tcp(host: String, port: Int)
    /// The path of a UNIX socket. Whoever owns it and its group may connect (mode 0660, whatever the umask); its group is that of
    /// the process, or that of the directory when this has the setgid bit.
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

    /// Whether it stands for every address of this machine, such as `0.0.0.0`, and so names none that a client can ask.
    public var isEveryAddress: Bool {
        guard case .tcp(let host, _) = self, let address = PeerAddress(address: host) else { return false }
        switch address {
        case .ipv4(0, _), .ipv6(0, 0, _): return true
        default: return false
        }
    }

    /// The address at which a program on this machine reaches what listens here.
    public var onThisMachine: ListenAddress {
        guard isEveryAddress, case .tcp(let host, let port) = self else { return self }
        return .tcp(host: SocketAddress.isIPv4(host) ? "127.0.0.1" : "::1", port: port)
    }

    public var description: String {
        switch self {
        case .tcp(let host, let port): host.utf8.contains(0x3A) ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

/// Why a server cannot start.
public enum ServerError: Error, Sendable, Hashable, CustomStringConvertible {
    case addressInUse(ListenAddress)
    case permissionDenied(ListenAddress)
    /// The address is not one of this machine, or not an address at all.
    case badAddress(ListenAddress)
    /// The certificate or key cannot be used, with a sentence that says why.
    case badCertificate(String)
    /// The system refused something else, with its words.
    case system(String)

    public var description: String {
        switch self {
        case .addressInUse(let address): "\(address) is in use by another program."
        case .permissionDenied(let address): "Listening at \(address) is not permitted."
        case .badAddress(let address): "\(address) is not an address of this machine."
        case .badCertificate(let sentence): sentence
        case .system(let sentence): sentence
        }
    }
}
