/// A request whose header has been read and validated.
public struct Request: Sendable {
    /// The request method.
    public var method: Method
    /// The path in its one decoded form, which routes are matched against: it begins with `/` and has no dot segments,
    /// empty segments, encoded slashes or control characters.
    public var path: String
    /// The query after `?`, still encoded; `nil` without `?`.
    public var query: String?
    /// The fields of the header.
    public var fields: Fields
    /// The values of the route's `:name` segments.
    public var parameters: PathParameters
    /// The client: the other end of the connection, or the client that a trusted proxy names
    /// (``ServerConfiguration/trustedProxies``).
    public var peer: PeerAddress
    /// Indicates that a trusted proxy forwarded the request. ``peer`` is then the client, or the proxy if it names no
    /// client.
    public var isForwarded = false
    /// Indicates that the connection itself uses TLS.
    public var isSecure: Bool
    /// The identifier of the request in logs.
    public var id: RequestID
    /// The body, which may still be arriving.
    public var body: RequestBody

    /// Makes a request from its parts.
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

/// The values of the `:name` segments of a route's pattern, by name.
public struct PathParameters: Sendable {
    private var pairs: [(name: String, value: String)] = []

    /// Makes an empty set of values.
    public init() {}

    mutating func append(name: String, value: String) { pairs.append((name, value)) }

    /// The decoded text of a segment. A name that the pattern does not contain is a programming error.
    public subscript(name: String) -> String {
        guard let pair = pairs.first(where: { $0.name == name }) else {
            preconditionFailure("the route has no segment :\(name)")
        }
        return pair.value
    }
}

extension Request {
    /// The network whose attempts are counted together (``PeerAddress/network``); `nil` if the address says nothing
    /// about the client.
    ///
    /// A local address is `nil` because it usually belongs to a proxy, unless that proxy is trusted and names its
    /// client. A trusted proxy that names no client counts as a network of its own: otherwise a client could escape its
    /// own count with an unreadable field.
    public var countedNetwork: String? { peer.isLocal && !isForwarded ? nil : peer.network }
}
