/// The body of a request, which may still be arriving.
///
/// A handler runs as soon as the header has been read, so that it can refuse a request without waiting for the body.
/// Reading the body first answers `Expect: 100-continue` (RFC 9110 §10.1.1).
public struct RequestBody: Sendable {
    private enum Storage {
        case bytes([UInt8])
        case incoming(any IncomingBody)
    }
    private let storage: Storage

    /// An empty body.
    public static let empty = RequestBody([])

    /// Makes a body from bytes that have arrived.
    public init(_ bytes: [UInt8]) { storage = .bytes(bytes) }

    /// Makes a body that a connection delivers.
    init(_ incoming: any IncomingBody) { storage = .incoming(incoming) }

    /// Makes a body that arrives when `deliver` returns, for tests of events that happen in the meantime.
    package init(arriving deliver: @escaping @Sendable () async throws -> [UInt8]) {
        storage = .incoming(LateBody(deliver: deliver))
    }

    /// Indicates that the complete body had arrived before the handler began.
    public var hasArrived: Bool { if case .bytes = storage { true } else { false } }

    /// Returns the same body with a check after its end. A body can take long to arrive, and facts that were true at
    /// the header may have changed. A body that has already arrived is not checked.
    ///
    /// - Parameter check: Throws the error that reading the body should throw.
    public func checked(by check: @escaping @Sendable () async throws -> Void) -> RequestBody {
        guard case .incoming(let incoming) = storage else { return self }
        return RequestBody(CheckedBody(incoming: incoming, check: check))
    }

    /// Reads the complete body.
    ///
    /// - Parameter limit: The largest accepted size in bytes.
    /// - Throws: ``HTTPError`` 413 if the body is larger, 408 if it takes too long, 400 if its framing is faulty or the
    ///   client disconnects, or the error of a check (``checked(by:)``).
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        switch storage {
        case .bytes(let bytes):
            try Self.require(bytes.count, upTo: limit)
            return bytes
        case .incoming(let incoming):
            return try await incoming.collect(upTo: limit)
        }
    }

    fileprivate static func require(_ count: Int, upTo limit: Int) throws(HTTPError) {
        guard count <= limit else {
            throw HTTPError(.contentTooLarge, "The body is larger than \(limit) bytes.")
        }
    }
}

/// A body that a connection delivers in pieces.
protocol IncomingBody: Sendable {
    /// Reads the complete body; see ``RequestBody/collect(upTo:)``.
    func collect(upTo limit: Int) async throws -> [UInt8]
}

/// A body with a check after its end.
private struct CheckedBody: IncomingBody {
    let incoming: any IncomingBody
    let check: @Sendable () async throws -> Void

    func collect(upTo limit: Int) async throws -> [UInt8] {
        let bytes = try await incoming.collect(upTo: limit)
        try await check()
        return bytes
    }
}

/// A body that arrives when a test lets it.
private struct LateBody: IncomingBody {
    let deliver: @Sendable () async throws -> [UInt8]

    func collect(upTo limit: Int) async throws -> [UInt8] {
        let bytes = try await deliver()
        try RequestBody.require(bytes.count, upTo: limit)
        return bytes
    }
}
