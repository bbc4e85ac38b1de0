/// A request whose header has been read and found valid.
public struct Request: Sendable {
    public var method: Method
    /// The path in its one decoded form: begins with `/`, percent-decoded, without dot segments, empty segments,
    /// encoded slashes or control characters. What routes are matched against.
    public var path: String
    /// What stands behind `?`, still encoded; `nil` when there is no `?`.
    public var query: String?
    public var fields: Fields
    /// What the route's `:name` segments matched.
    public var parameters: PathParameters
    /// The client: the other end of the connection, or the client for which a trusted proxy made it
    /// (``ServerConfiguration/trustedProxies``).
    public var peer: PeerAddress
    /// Whether a trusted proxy handed the request on, so that ``peer`` is a client of the proxy. The proxy itself
    /// where it named none.
    public var isForwarded = false
    /// Whether the connection itself is TLS.
    public var isSecure: Bool
    public var id: RequestID
    public var body: RequestBody

    public init(
        _ method: Method, _ path: String, query: String? = nil, fields: Fields = Fields(),
        peer: PeerAddress = .local,
        isSecure: Bool = false, id: RequestID = RequestID(value: 0), body: RequestBody = .empty
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.parameters = PathParameters()
        self.peer = peer
        self.isSecure = isSecure
        self.id = id
        self.body = body
    }
}

/// What the `:name` segments of a route's pattern matched in a path, by name.
public struct PathParameters: Sendable {
    private var pairs: [(name: String, value: String)] = []

    public init() {}

    mutating func append(name: String, value: String) { pairs.append((name, value)) }

    /// The text of this segment, decoded. Naming one that the pattern does not have is a programming error.
    public subscript(name: String) -> String {
        guard let pair = pairs.first(where: { $0.name == name }) else {
            preconditionFailure("the route has no segment :\(name)")
        }
        return pair.value
    }
}

extension Request {
    /// The network whose attempts are counted together (``PeerAddress/network``); `nil` where the address says nothing
    /// of the client.
    ///
    /// That is so for a program on this machine, which is taken for a proxy, unless that proxy is trusted and named its
    /// client. A trusted proxy that named none is a network like any other: otherwise a client could leave its own
    /// network by a field that cannot be read.
    public var countedNetwork: String? { peer.isLocal && !isForwarded ? nil : peer.network }
}
