/// What is known of a request that the engine refuses before a handler sees it.
public struct RefusedRequest: Sendable {
    /// The other end of the connection.
    public var peer: PeerAddress
    /// The decoded path; `nil` when the request line was not read or is malformed.
    public let path: String?
    /// The value of `Origin`; `nil` when the field has not arrived or is there twice. The field is found behind a
    /// malformed one, too, so that the page that asked can read why its request was refused.
    public let origin: String?

    public init(peer: PeerAddress = .local, path: String? = nil, origin: String? = nil) {
        self.peer = peer
        self.path = path
        self.origin = origin
    }

    /// The same of a request that was read.
    init(_ request: Request) {
        self.init(peer: request.peer, path: request.path, origin: request.fields.origin)
    }
}
