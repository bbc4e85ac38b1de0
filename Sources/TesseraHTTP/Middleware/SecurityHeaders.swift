/// The fields that make browsers restrict a response.
///
/// Pages (`text/html`) have one policy and all other responses another. Fields that a handler has set are kept.
public struct SecurityHeaders: Sendable {
    /// The settings that differ between services.
    public struct Configuration: Sendable {
        /// The `Content-Security-Policy` of pages.
        public var pagePolicy: String = strictPagePolicy
        /// Lets pages load files from the service and send forms to it; scripts may make no requests.
        public static let strictPagePolicy =
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
        /// The `Content-Security-Policy` of all other responses.
        public var dataPolicy: String = "default-src 'none'; frame-ancestors 'none'"
        /// The time for which browsers insist on https (RFC 6797 §6.1.1), in whole seconds; `nil` omits the field.
        /// Default: one year.
        public var strictTransport: Duration? = .seconds(31_536_000)
        /// Indicates that clients use https although the connection itself is plain, because a proxy terminates TLS.
        public var isBehindTLS = false

        /// Makes a configuration for pages that load only files from the service itself.
        public init() {}
    }

    private let plain: Blocks
    private let secure: Blocks
    private let isBehindTLS: Bool

    /// Prepares the fields once, so that requests do not have to.
    public init(_ configuration: Configuration = Configuration()) {
        isBehindTLS = configuration.isBehindTLS
        plain = Blocks(configuration, strictTransport: nil)
        secure = Blocks(configuration, strictTransport: configuration.strictTransport)
    }

    /// Adds the fields that the response does not have yet.
    public func apply(to response: inout Response, for request: Request) {
        let isPage = response.fields.withValue(of: .contentType) { Self.isHTML($0) } ?? false
        if request.isSecure || isBehindTLS {
            (isPage ? secure.page : secure.data).append(to: &response)
        } else {
            (isPage ? plain.page : plain.data).append(to: &response)
        }
    }

    private static func isHTML(_ value: Span<UInt8>) -> Bool {
        let html: StaticString = "text/html"
        guard value.count >= html.utf8CodeUnitCount else { return false }
        if value.count > html.utf8CodeUnitCount, CharacterClass.isTokenByte(value[html.utf8CodeUnitCount]) {
            return false
        }
        for index in 0..<html.utf8CodeUnitCount where value[index] | 0x20 != html.utf8Start[index] | 0x20 {
            return false
        }
        return true
    }

    /// The fields for pages and for all other responses.
    private struct Blocks: Sendable {
        let page: Block
        let data: Block

        init(_ configuration: Configuration, strictTransport: Duration?) {
            // With `no-referrer`, browsers send `Origin: null` with the page's own forms (Fetch standard, "append a
            // request Origin header"), which an origin check would have to refuse.
            page = Block(configuration.pagePolicy, referrerPolicy: "same-origin", strictTransport)
            data = Block(configuration.dataPolicy, referrerPolicy: "no-referrer", strictTransport)
        }
    }

    /// Fields that are prepared once, and added together if the response has none of them.
    private final class Block: Sendable {
        let fields: SharedFields
        let single: [(name: FieldName, field: Fields)]

        init(_ policy: String, referrerPolicy: String, _ strictTransport: Duration?) {
            var list: [(FieldName, String)] = [
                (.contentSecurityPolicy, policy),
                (.contentTypeOptions, "nosniff"),
                (.referrerPolicy, referrerPolicy),
                (.crossOriginOpenerPolicy, "same-origin"),
                (.crossOriginResourcePolicy, "same-origin"),
                (.cacheControl, "no-store"),
            ]
            if let strictTransport {
                list.append((.strictTransportSecurity, "max-age=\(strictTransport.components.seconds)"))
            }
            var fields = Fields()
            for (name, value) in list { fields.append(name, value) }
            self.fields = SharedFields(fields)
            single = list.map { (name: $0, field: [$0: $1]) }
        }

        func append(to response: inout Response) {
            // Nearly every response has none of these fields, as its signature shows.
            let isApart = response.fields.signature & fields.fields.signature == 0
            if isApart || !single.contains(where: { response.fields.contains($0.name) }) {
                response.shared = fields
                return
            }
            for (name, field) in single where !response.fields.contains(name) {
                response.fields.append(contentsOf: field)
            }
        }
    }
}

extension FieldName {
    /// The sources that a page may load (Content Security Policy Level 3).
    public static let contentSecurityPolicy: FieldName = "Content-Security-Policy"
    /// Disables content sniffing (Fetch standard).
    public static let contentTypeOptions: FieldName = "X-Content-Type-Options"
    /// Separates a page from windows of other origins (HTML standard).
    public static let crossOriginOpenerPolicy: FieldName = "Cross-Origin-Opener-Policy"
    /// The sites that may load a response (Fetch standard).
    public static let crossOriginResourcePolicy: FieldName = "Cross-Origin-Resource-Policy"
    /// The amount of information in `Referer` (Referrer Policy).
    public static let referrerPolicy: FieldName = "Referrer-Policy"
    /// Restricts a host to https, RFC 6797 §6.1.
    public static let strictTransportSecurity: FieldName = "Strict-Transport-Security"
}
