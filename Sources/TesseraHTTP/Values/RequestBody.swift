/// The body of a request, which may still be on its way.
///
/// A handler runs as soon as the header has been read, so that it can refuse a request without waiting for (or
/// paying for) its body. Reading the body answers `Expect: 100-continue` first (RFC 9110 §10.1.1).
public struct RequestBody: Sendable {
    private enum Storage {
        case bytes([UInt8])
        case incoming(any IncomingBody)
    }
    private let storage: Storage

    /// No body.
    public static let empty = RequestBody([])

    /// A body that is already there.
    public init(_ bytes: [UInt8]) { storage = .bytes(bytes) }

    /// A body that a connection delivers.
    init(_ incoming: any IncomingBody) { storage = .incoming(incoming) }

    /// Reads the body to its end.
    ///
    /// - Parameter limit: The largest accepted size in bytes.
    /// - Throws: ``HTTPError`` 413 when it is larger, 408 when it takes too long, 400 when its framing is faulty or
    ///   the client went away.
    public func collect(upTo limit: Int) async throws(HTTPError) -> [UInt8] {
        switch storage {
        case .bytes(let bytes):
            guard bytes.count <= limit else {
                throw HTTPError(.contentTooLarge, "The body is larger than \(limit) bytes.")
            }
            return bytes
        case .incoming(let incoming):
            return try await incoming.collect(upTo: limit)
        }
    }
}

/// A body that a connection delivers piece by piece.
protocol IncomingBody: Sendable {
    /// Reads the body to its end; see ``RequestBody/collect(upTo:)``.
    func collect(upTo limit: Int) async throws(HTTPError) -> [UInt8]
}
