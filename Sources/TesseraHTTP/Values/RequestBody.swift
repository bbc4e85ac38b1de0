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

    /// A body that arrives when `deliver` returns it; for tests of what happens meanwhile.
    package init(arriving deliver: @escaping @Sendable () async throws -> [UInt8]) {
        storage = .incoming(LateBody(deliver: deliver))
    }

    /// Whether all of it is here, and was before the handler began.
    public var hasArrived: Bool { if case .bytes = storage { true } else { false } }

    /// The same body with a check behind its end: a body may take long to arrive, and what was true when the header came
    /// need not be true any more. A body that has arrived already gets no check.
    ///
    /// - Parameter check: Throws what reading the body is to throw.
    public func checked(by check: @escaping @Sendable () async throws -> Void) -> RequestBody {
        guard case .incoming(let incoming) = storage else { return self }
        return RequestBody(CheckedBody(incoming: incoming, check: check))
    }

    /// Reads the body to its end.
    ///
    /// - Parameter limit: The largest accepted size in bytes.
    /// - Throws: ``HTTPError`` 413 when it is larger, 408 when it takes too long, 400 when its framing is faulty or
    ///   the client went away; the error of a check, see ``checked(by:)``.
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

/// A body that a connection delivers piece by piece.
protocol IncomingBody: Sendable {
    /// Reads the body to its end; see ``RequestBody/collect(upTo:)``.
    func collect(upTo limit: Int) async throws -> [UInt8]
}

/// A body with a check behind its end.
private struct CheckedBody: IncomingBody {
    let incoming: any IncomingBody
    let check: @Sendable () async throws -> Void

    func collect(upTo limit: Int) async throws -> [UInt8] {
        let bytes = try await incoming.collect(upTo: limit)
        try await check()
        return bytes
    }
}

/// A body that arrives whenever a test wants.
private struct LateBody: IncomingBody {
    let deliver: @Sendable () async throws -> [UInt8]

    func collect(upTo limit: Int) async throws -> [UInt8] {
        let bytes = try await deliver()
        try RequestBody.require(bytes.count, upTo: limit)
        return bytes
    }
}
