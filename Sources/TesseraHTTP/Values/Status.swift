/// A status code with its reason phrase, RFC 9110 §15.
public struct Status: Sendable, Hashable, CustomStringConvertible {
    /// The three-digit code.
    public let code: Int
    /// The reason phrase.
    public let reason: StaticString

    init(_ code: Int, _ reason: StaticString) {
        self.code = code
        self.reason = reason
    }

    public static func == (left: Status, right: Status) -> Bool { left.code == right.code }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
    public var description: String { "\(code) \(reason)" }

    /// RFC 9110 §15.3.1.
    public static let ok = Status(200, "OK")
    /// RFC 9110 §15.3.2.
    public static let created = Status(201, "Created")
    /// RFC 9110 §15.3.5.
    public static let noContent = Status(204, "No Content")
    /// RFC 9110 §15.4.4.
    public static let seeOther = Status(303, "See Other")
    /// RFC 9110 §15.4.5.
    public static let notModified = Status(304, "Not Modified")
    /// RFC 9110 §15.5.1.
    public static let badRequest = Status(400, "Bad Request")
    /// RFC 9110 §15.5.2.
    public static let unauthorized = Status(401, "Unauthorized")
    /// RFC 9110 §15.5.4.
    public static let forbidden = Status(403, "Forbidden")
    /// RFC 9110 §15.5.5.
    public static let notFound = Status(404, "Not Found")
    /// RFC 9110 §15.5.6.
    public static let methodNotAllowed = Status(405, "Method Not Allowed")
    /// RFC 9110 §15.5.9.
    public static let requestTimeout = Status(408, "Request Timeout")
    /// RFC 9110 §15.5.10.
    public static let conflict = Status(409, "Conflict")
    /// RFC 9110 §15.5.13.
    public static let preconditionFailed = Status(412, "Precondition Failed")
    /// RFC 9110 §15.5.14.
    public static let contentTooLarge = Status(413, "Content Too Large")
    /// RFC 9110 §15.5.15.
    public static let uriTooLong = Status(414, "URI Too Long")
    /// RFC 9110 §15.5.16.
    public static let unsupportedMediaType = Status(415, "Unsupported Media Type")
    /// RFC 9110 §15.5.18.
    public static let expectationFailed = Status(417, "Expectation Failed")
    /// RFC 9110 §15.5.20.
    public static let misdirectedRequest = Status(421, "Misdirected Request")
    /// RFC 9110 §15.5.21.
    public static let unprocessableContent = Status(422, "Unprocessable Content")
    /// RFC 6585 §4.
    public static let tooManyRequests = Status(429, "Too Many Requests")
    /// RFC 6585 §5.
    public static let requestHeaderFieldsTooLarge = Status(431, "Request Header Fields Too Large")
    /// RFC 9110 §15.6.1.
    public static let internalServerError = Status(500, "Internal Server Error")
    /// RFC 9110 §15.6.2.
    public static let notImplemented = Status(501, "Not Implemented")
    /// RFC 9110 §15.6.4.
    public static let serviceUnavailable = Status(503, "Service Unavailable")
    /// RFC 9110 §15.6.6.
    public static let httpVersionNotSupported = Status(505, "HTTP Version Not Supported")
}
