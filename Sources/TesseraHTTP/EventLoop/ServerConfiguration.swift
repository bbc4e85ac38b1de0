import TesseraCLinux

/// The configuration of a server.
public struct ServerConfiguration: Sendable {
    /// The address to listen on. Default `127.0.0.1:8080`.
    public var listen = ListenAddress.tcp(host: "127.0.0.1", port: 8080)
    /// The number of event loops, each with its own thread. Default: the number of processors that this process may
    /// use.
    public var loops = ServerConfiguration.processors
    /// The limits of one connection.
    public var limits = HTTPLimits()
    /// The authorities (`host` or `host:port`) that requests may name; others get 421. Empty accepts every well-formed
    /// authority.
    public var hosts: [String] = []
    /// The proxies whose `Forwarded` and `X-Forwarded-For` fields are trusted for the client's address. Default: none.
    public var trustedProxies: [ProxyBlock] = []
    /// Requires a PROXY protocol header (version 1 or 2) at the start of each connection from a trusted proxy; a
    /// connection without one is closed. From any other address, such a header is a malformed request. Default: no.
    public var expectsProxyHeader = false
    /// The certificate for TLS; `nil` for plain HTTP.
    public var tls: TLSConfiguration?

    /// Makes the default configuration.
    public init() {}

    /// The number of processors that this process may use, by `sched_getaffinity`; at least 1.
    public static var processors: Int {
        Int(tessera_processors())
    }
}

/// The files for TLS.
public struct TLSConfiguration: Sendable {
    /// A PEM file with the certificate, followed by the certificates that lead to its root.
    public var certificateFile: String
    /// A PEM file with the unencrypted private key of the certificate.
    public var keyFile: String

    /// Names the files; they are read when the server is made.
    public init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}

/// The reason why a server cannot start.
public enum ServerError: Error, Sendable, Hashable, CustomStringConvertible {
    case addressInUse(ListenAddress)
    case permissionDenied(ListenAddress)
    /// The address does not belong to this machine, or is not an address.
    case badAddress(ListenAddress)
    /// The certificate or key cannot be used; the text is a sentence with the reason.
    case badCertificate(String)
    /// The system reported another error; the text is its message.
    case system(String)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .addressInUse(let address): "\(address) is in use by another program."
        case .permissionDenied(let address): "Listening on \(address) is not permitted."
        case .badAddress(let address): "\(address) is not an address of this machine."
        case .badCertificate(let sentence): sentence
        case .system(let sentence): sentence
        }
    }
}
