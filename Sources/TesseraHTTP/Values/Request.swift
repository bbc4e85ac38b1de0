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
    public var peer: PeerAddress
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
