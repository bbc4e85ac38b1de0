/// A field name: a token compared without regard to case, RFC 9110 §5.1.
public struct FieldName: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The spelling used when the field is written.
    public let text: String
    /// The spelling used when names are compared.
    let lowercased: [UInt8]
    /// The one bit that stands for the name in ``Fields/signature``.
    let signature: UInt64

    /// - Parameter text: A token (RFC 9110 §5.6.2); a literal that is none is a programming error.
    public init(stringLiteral text: String) {
        precondition(!text.isEmpty && text.utf8.allSatisfy(CharacterClass.isTokenByte), "not a field name")
        self.init(unchecked: text)
    }

    /// A name that is only known when the program runs; `nil` for a text that is no token (RFC 9110 §5.6.2) or is longer
    /// than 256 bytes.
    public init?(_ text: String) {
        guard (1...256).contains(text.utf8.count), text.utf8.allSatisfy(CharacterClass.isTokenByte) else {
            return nil
        }
        self.init(unchecked: text)
    }

    /// Makes a name from a token that was checked before.
    init(unchecked text: String) {
        self.text = text
        lowercased = text.utf8.map(ASCIICase.lowered)
        signature = Self.signature(length: lowercased.count, first: lowercased.first ?? 0)
    }

    public static func == (left: FieldName, right: FieldName) -> Bool { left.lowercased == right.lowercased }
    public func hash(into hasher: inout Hasher) { hasher.combine(lowercased) }
    public var description: String { text }

    /// Whether these bytes spell the name, in whatever case.
    func isSpelled(by bytes: UnsafeRawBufferPointer) -> Bool {
        lowercased.withUnsafeBytes { ASCIICase.areEqual(bytes, $0) }
    }

    /// One bit of 64, from what is known of a name before it is compared. Two names may share it.
    ///
    /// - Parameter first: The first byte, in either case.
    static func signature(length: Int, first: UInt8) -> UInt64 {
        1 &<< UInt64(truncatingIfNeeded: length &* 5 &+ Int(first | 0x20))
    }

    public static let accept: FieldName = "Accept"
    public static let acceptEncoding: FieldName = "Accept-Encoding"
    public static let accessControlAllowHeaders: FieldName = "Access-Control-Allow-Headers"
    public static let accessControlAllowMethods: FieldName = "Access-Control-Allow-Methods"
    public static let accessControlAllowOrigin: FieldName = "Access-Control-Allow-Origin"
    public static let accessControlExposeHeaders: FieldName = "Access-Control-Expose-Headers"
    public static let accessControlMaxAge: FieldName = "Access-Control-Max-Age"
    public static let accessControlRequestMethod: FieldName = "Access-Control-Request-Method"
    public static let allow: FieldName = "Allow"
    public static let authorization: FieldName = "Authorization"
    public static let cacheControl: FieldName = "Cache-Control"
    public static let connection: FieldName = "Connection"
    public static let contentEncoding: FieldName = "Content-Encoding"
    public static let contentLength: FieldName = "Content-Length"
    public static let contentType: FieldName = "Content-Type"
    public static let cookie: FieldName = "Cookie"
    public static let date: FieldName = "Date"
    public static let expect: FieldName = "Expect"
    public static let host: FieldName = "Host"
    public static let idempotencyKey: FieldName = "Idempotency-Key"
    public static let ifMatch: FieldName = "If-Match"
    public static let ifNoneMatch: FieldName = "If-None-Match"
    public static let link: FieldName = "Link"
    public static let location: FieldName = "Location"
    public static let origin: FieldName = "Origin"
    public static let referer: FieldName = "Referer"
    public static let retryAfter: FieldName = "Retry-After"
    public static let secFetchSite: FieldName = "Sec-Fetch-Site"
    public static let setCookie: FieldName = "Set-Cookie"
    public static let traceParent: FieldName = "traceparent"
    public static let traceState: FieldName = "tracestate"
    public static let transferEncoding: FieldName = "Transfer-Encoding"
    public static let userAgent: FieldName = "User-Agent"
    public static let vary: FieldName = "Vary"
    public static let wwwAuthenticate: FieldName = "WWW-Authenticate"
    public static let xRequestedWith: FieldName = "X-Requested-With"
}
