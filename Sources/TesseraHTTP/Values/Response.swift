/// What a handler answers.
///
/// `Content-Length`, `Transfer-Encoding`, `Date` and `Connection` are the engine's: it writes them itself.
public struct Response: Sendable {
    public var status: Status
    public var fields: Fields
    public var body: ResponseBody
    /// Written as `X-Request-ID`, so that both sides can find the request in a log; `nil` for no such field.
    public var id: RequestID?
    /// Fields that many answers share, written behind `fields` without being copied into each answer.
    var shared: SharedFields?

    public init(_ status: Status, fields: Fields = Fields(), body: ResponseBody = .empty) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A response with a body of this media type.
    public init(_ status: Status, _ mediaType: StaticString, _ body: [UInt8], fields: Fields = Fields()) {
        var fields = fields
        fields.append(.contentType, mediaType)
        self.init(status, fields: fields, body: .bytes(body))
    }
}

extension Response {
    /// All fields as the client sees them, but for those that are the engine's.
    public var allFields: Fields {
        var all = fields
        if let shared { all.append(contentsOf: shared.fields) }
        if let id { all.append(.requestID, id.description) }
        return all
    }
}

/// Fields that many answers share: an object, so that an answer counts one reference to all of it.
final class SharedFields: Sendable {
    let fields: Fields
    init(_ fields: Fields) { self.fields = fields }
}

extension FieldName {
    public static let requestID: FieldName = "X-Request-ID"
}

/// The body of a response.
public enum ResponseBody: Sendable {
    case empty
    case bytes([UInt8])
    /// A body made while it is sent: with its length in bytes if that is known, else in chunks.
    case stream(length: Int?, @Sendable (any BodyWriter) async throws -> Void)
}

/// Where a streamed body goes.
public protocol BodyWriter: Sendable {
    /// Sends these bytes, and waits while the reader at the other end is behind.
    ///
    /// - Throws: ``HTTPError`` when the connection has gone.
    func write(_ bytes: [UInt8]) async throws
}
