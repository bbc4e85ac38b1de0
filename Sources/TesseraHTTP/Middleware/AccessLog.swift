/// The access log: one entry for each request, without field values and without the query.
public struct AccessLog: Sendable {
    private let now: @Sendable () -> ContinuousClock.Instant
    private let sink: @Sendable (AccessLogEntry) -> Void

    /// Makes a log.
    ///
    /// - Parameters:
    ///   - now: The clock for durations.
    ///   - sink: Takes each entry on the event loop of its request, so it must not block.
    public init(
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        sink: @escaping @Sendable (AccessLogEntry) -> Void
    ) {
        self.now = now
        self.sink = sink
    }

    /// Returns the start time of a request, for ``record(_:_:begun:)``.
    public func begin() -> ContinuousClock.Instant { now() }

    /// Writes the entry of a request that has been answered.
    public func record(_ request: Request, _ response: Response, begun: ContinuousClock.Instant) {
        let bodySize: Int? =
            switch response.body {
            case .empty: 0
            case .bytes(let bytes): bytes.count
            case .stream(let length, _): length
            }
        sink(
            AccessLogEntry(
                method: request.method, path: request.path, status: response.status,
                duration: begun.duration(to: now()), bodySize: request.method == .head ? 0 : bodySize,
                peer: request.peer, id: request.id))
    }
}

/// The access-log entry of one request.
public struct AccessLogEntry: Sendable, Hashable, CustomStringConvertible {
    /// The request method.
    public let method: Method
    /// The decoded path, without the query.
    public let path: String
    /// The status of the response.
    public let status: Status
    /// The time from the parsed header to the complete response, without the time to send a stream.
    public let duration: Duration
    /// The size of the response body in bytes; `nil` if it is not known in advance.
    public let bodySize: Int?
    /// The client.
    public let peer: PeerAddress
    /// The identifier of the request.
    public let id: RequestID

    /// The duration in whole microseconds.
    public var microseconds: Int {
        let (seconds, attoseconds) = duration.components
        return Int(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    /// One line: peer, method, path, status, microseconds, size in bytes or `-`, and request identifier.
    ///
    /// The path is percent-encoded again, so that it contains neither spaces nor terminal control characters.
    public var description: String {
        let size = bodySize.map { String($0) } ?? "-"
        return
            "\(peer.host) \(method) \(PercentEncoding.path(path)) \(status.code) \(microseconds)us \(size) \(id)"
    }
}
