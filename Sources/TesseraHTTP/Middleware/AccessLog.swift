/// One line per request: who asked for what, and how it went. Never a field value and never a query.
public struct AccessLog: Sendable {
    private let now: @Sendable () -> ContinuousClock.Instant
    private let sink: @Sendable (AccessLogEntry) -> Void

    /// Makes a log that writes to a sink.
    ///
    /// - Parameters:
    ///   - now: The clock by which durations are taken.
    ///   - sink: Takes each entry on the event loop of its request, so it must not block.
    public init(
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        sink: @escaping @Sendable (AccessLogEntry) -> Void
    ) {
        self.now = now
        self.sink = sink
    }

    /// Notes when a request has begun, for ``record(_:_:begun:)``.
    public func begin() -> ContinuousClock.Instant { now() }

    /// Writes the entry of a request that has been answered.
    public func record(_ request: Request, _ response: Response, begun: ContinuousClock.Instant) {
        let bodySize: Int? =
            switch response.body {
            case .empty: 0
            case .bytes(let bytes): bytes.count
            case .stream(let length, _): length
            }
        sink(entry(request, response.status, request.method == .head ? 0 : bodySize, begun))
    }

    /// This as a layer of its own. An error that passes it is written with the status it is going to have.
    public var middleware: Middleware {
        { next in
            { request in
                let begun = begin()
                do {
                    let response = try await next(request)
                    record(request, response, begun: begun)
                    return response
                } catch {
                    let status = (error as? HTTPError)?.status ?? .internalServerError
                    sink(entry(request, status, nil, begun))
                    throw error
                }
            }
        }
    }

    private func entry(
        _ request: Request, _ status: Status, _ bodySize: Int?, _ begun: ContinuousClock.Instant
    ) -> AccessLogEntry {
        AccessLogEntry(
            method: request.method, path: request.path, status: status, duration: begun.duration(to: now()),
            bodySize: bodySize, peer: request.peer, id: request.id)
    }
}

/// What the access log keeps of one request.
public struct AccessLogEntry: Sendable, Hashable, CustomStringConvertible {
    public let method: Method
    /// The decoded path, without the query.
    public let path: String
    public let status: Status
    /// From the header having been read to the answer being ready; the time a stream takes is not in it.
    public let duration: Duration
    /// The size of the answer's body in bytes, or `nil` when it is not known beforehand.
    public let bodySize: Int?
    public let peer: PeerAddress
    public let id: RequestID

    /// The duration in whole microseconds.
    public var microseconds: Int {
        let (seconds, attoseconds) = duration.components
        return Int(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    /// One line: peer, method, path, status, microseconds, bytes or `-`, and the request's id.
    ///
    /// The path is percent-encoded again, so that it can neither contain a space nor anything a terminal acts on.
    public var description: String {
        let size = bodySize.map { String($0) } ?? "-"
        return
            "\(peer.host) \(method) \(PercentEncoding.path(path)) \(status.code) \(microseconds)us \(size) \(id)"
    }
}
