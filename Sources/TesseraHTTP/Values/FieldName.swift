/// A field name, compared without regard to case (RFC 9110 §5.1).
public struct FieldName: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The spelling that is written.
    public let text: String
    /// The spelling that is compared.
    let lowercased: [UInt8]
    /// The bit that represents the name in ``Fields/signature``.
    let signature: UInt64

    /// Makes a name from a literal.
    ///
    /// - Parameter text: A token (RFC 9110 §5.6.2); any other literal is a programming error.
    public init(stringLiteral text: String) {
        precondition(!text.isEmpty && text.utf8.allSatisfy(CharacterClass.isTokenByte), "not a field name")
        self.init(unchecked: text)
    }

    /// Makes a name at run time; `nil` unless the text is a token (RFC 9110 §5.6.2) of at most 256 bytes.
    public init?(_ text: String) {
        guard (1...256).contains(text.utf8.count), text.utf8.allSatisfy(CharacterClass.isTokenByte) else {
            return nil
        }
        self.init(unchecked: text)
    }

    /// Makes a name from a valid token.
    init(unchecked text: String) {
        self.text = text
        lowercased = text.utf8.map(ASCIICase.lowered)
        signature = Self.signature(length: lowercased.count, first: lowercased.first ?? 0)
    }

    public static func == (left: FieldName, right: FieldName) -> Bool { left.lowercased == right.lowercased }
    public func hash(into hasher: inout Hasher) { hasher.combine(lowercased) }
    public var description: String { text }

    /// Reports whether the bytes spell this name, in upper or lower case.
    func isSpelled(by bytes: UnsafeRawBufferPointer) -> Bool {
        lowercased.withUnsafeBytes { ASCIICase.areEqual(bytes, $0) }
    }

    /// One of 64 bits, computed from the length and the first byte of a name. Two names may share a bit.
    ///
    /// - Parameter first: The first byte, in either case.
    static func signature(length: Int, first: UInt8) -> UInt64 {
        1 &<< UInt64(truncatingIfNeeded: length &* 5 &+ Int(first | 0x20))
    }

    /// The media types that the client accepts, RFC 9110 §12.5.1.
    public static let accept: FieldName = "Accept"
    /// The content codings that the recipient accepts, RFC 9110 §12.5.3.
    public static let acceptEncoding: FieldName = "Accept-Encoding"
    /// The request fields that a cross-origin request may send (Fetch standard).
    public static let accessControlAllowHeaders: FieldName = "Access-Control-Allow-Headers"
    /// The methods that a cross-origin request may use (Fetch standard).
    public static let accessControlAllowMethods: FieldName = "Access-Control-Allow-Methods"
    /// The origin that may read a response (Fetch standard).
    public static let accessControlAllowOrigin: FieldName = "Access-Control-Allow-Origin"
    /// The response fields that a cross-origin page may read (Fetch standard).
    public static let accessControlExposeHeaders: FieldName = "Access-Control-Expose-Headers"
    /// The lifetime of a preflight response in seconds (Fetch standard).
    public static let accessControlMaxAge: FieldName = "Access-Control-Max-Age"
    /// The method that a preflight asks for (Fetch standard).
    public static let accessControlRequestMethod: FieldName = "Access-Control-Request-Method"
    /// The methods of a resource, RFC 9110 §10.2.1.
    public static let allow: FieldName = "Allow"
    /// The credentials of a request, RFC 9110 §11.6.2.
    public static let authorization: FieldName = "Authorization"
    /// The caching rules of a message, RFC 9111 §5.2.
    public static let cacheControl: FieldName = "Cache-Control"
    /// The options of a connection, RFC 9110 §7.6.1.
    public static let connection: FieldName = "Connection"
    /// The content codings of a body, RFC 9110 §8.4.
    public static let contentEncoding: FieldName = "Content-Encoding"
    /// The length of a body in bytes, RFC 9110 §8.6.
    public static let contentLength: FieldName = "Content-Length"
    /// The media type of a body, RFC 9110 §8.3.
    public static let contentType: FieldName = "Content-Type"
    /// The cookies of a request, RFC 6265bis §4.2.
    public static let cookie: FieldName = "Cookie"
    /// The time at which a message was made, RFC 9110 §6.6.1.
    public static let date: FieldName = "Date"
    /// The host and port of the request target, RFC 9110 §7.2.
    public static let host: FieldName = "Host"
    /// The key that identifies repetitions of a request (IETF draft `idempotency-key-header`).
    public static let idempotencyKey: FieldName = "Idempotency-Key"
    /// The entity tags that the resource must have, RFC 9110 §13.1.1.
    public static let ifMatch: FieldName = "If-Match"
    /// The entity tags that the client already has, RFC 9110 §13.1.2.
    public static let ifNoneMatch: FieldName = "If-None-Match"
    /// Links to related resources, RFC 8288 §3.
    public static let link: FieldName = "Link"
    /// The target of a redirect or the URI of a new resource, RFC 9110 §10.2.2.
    public static let location: FieldName = "Location"
    /// The origin of the page that made a request, RFC 6454 §7.
    public static let origin: FieldName = "Origin"
    /// The time to wait before the next request, RFC 9110 §10.2.3.
    public static let retryAfter: FieldName = "Retry-After"
    /// The relation between the requesting site and the server (Fetch Metadata).
    public static let secFetchSite: FieldName = "Sec-Fetch-Site"
    /// A cookie that the client should store, RFC 6265bis §4.1.
    public static let setCookie: FieldName = "Set-Cookie"
    /// The trace that a request belongs to (W3C Trace Context §3.2).
    public static let traceParent: FieldName = "traceparent"
    /// Vendor data of a trace (W3C Trace Context §3.3).
    public static let traceState: FieldName = "tracestate"
    /// The transfer codings of a message, RFC 9112 §6.1.
    public static let transferEncoding: FieldName = "Transfer-Encoding"
    /// The program that made a request, RFC 9110 §10.1.5.
    public static let userAgent: FieldName = "User-Agent"
    /// The request fields that influenced a response, RFC 9110 §12.5.5.
    public static let vary: FieldName = "Vary"
    /// The challenge of a 401 response, RFC 9110 §11.6.1.
    public static let wwwAuthenticate: FieldName = "WWW-Authenticate"
    /// A marker that older script libraries send.
    public static let xRequestedWith: FieldName = "X-Requested-With"
}
