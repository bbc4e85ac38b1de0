/// The response of a handler.
///
/// The engine itself writes `Content-Length`, `Transfer-Encoding`, `Date` and `Connection`.
public struct Response: Sendable {
    /// The status of the response.
    public var status: Status
    /// The fields that the handler sets.
    public var fields: Fields
    /// The body of the response.
    public var body: ResponseBody
    /// The value of `X-Request-ID`, so that both sides can find the request in a log; `nil` omits the field.
    public var id: RequestID?
    /// Fields that many responses share, written after `fields` without being copied.
    var shared: SharedFields?

    /// Makes a response from its parts.
    public init(_ status: Status, fields: Fields = Fields(), body: ResponseBody = .empty) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Makes a response with a body of this media type.
    public init(_ status: Status, _ mediaType: StaticString, _ body: [UInt8], fields: Fields = Fields()) {
        var fields = fields
        fields.append(.contentType, mediaType)
        self.init(status, fields: fields, body: .bytes(body))
    }
}

extension Response {
    /// All fields that the client sees, except those of the engine.
    public var allFields: Fields {
        var all = fields
        if let shared { all.append(contentsOf: shared.fields) }
        if let id { all.append(.requestID, id.description) }
        return all
    }
}

/// Fields that many responses share. A class, so that a response holds them with one reference.
final class SharedFields: Sendable {
    let fields: Fields
    init(_ fields: Fields) { self.fields = fields }
}

extension FieldName {
    /// The identifier of a request (``RequestID``).
    public static let requestID: FieldName = "X-Request-ID"
}

/// The body of a response.
public enum ResponseBody: Sendable {
    case empty
    case bytes([UInt8])
    /// A body that is produced while it is sent, with a known length in bytes or else in chunks.
    case stream(length: Int?, @Sendable (any BodyWriter) async throws -> Void)
}

/// The destination of a streamed body.
public protocol BodyWriter: Sendable {
    /// Sends bytes, and waits while the client is behind.
    ///
    /// - Throws: ``HTTPError`` if the connection is closed.
    func write(_ bytes: [UInt8]) async throws
}
