/// The known parts of a request that the engine refuses before a handler sees it.
public struct RefusedRequest: Sendable {
    /// The other end of the connection.
    public var peer: PeerAddress
    /// The decoded path; `nil` if the request line was not read or is malformed.
    public let path: String?
    /// The value of `Origin`; `nil` if the field has not arrived or is repeated. The field is also found after a
    /// malformed one, so that the requesting page can read the reason of the refusal.
    public let origin: String?

    /// Makes a description of a refused request from its parts.
    public init(peer: PeerAddress = .local, path: String? = nil, origin: String? = nil) {
        self.peer = peer
        self.path = path
        self.origin = origin
    }

    /// Describes a request that was read completely.
    init(_ request: Request) {
        self.init(peer: request.peer, path: request.path, origin: request.fields.origin)
    }
}

extension Fields {
    /// The value of `Origin`; `nil` unless the field is present exactly once.
    var origin: String? { count(of: .origin) == 1 ? self[.origin] : nil }
}
