/// The fields by which browsers are told to be careful with an answer.
///
/// Pages (`text/html`) and everything else get a policy of their own. What a handler has set itself stays.
public struct SecurityHeaders: Sendable {
    /// What differs from service to service.
    public struct Configuration: Sendable {
        /// The `Content-Security-Policy` of pages.
        public var pagePolicy: String = strictPagePolicy
        /// Lets pages load what the service itself serves, and send forms to it; scripts may call nothing.
        public static let strictPagePolicy =
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
        /// The `Content-Security-Policy` of everything else.
        public var dataPolicy: String = "default-src 'none'; frame-ancestors 'none'"
        /// How long browsers insist on https once they have seen it (RFC 6797 §6.1.1), in whole seconds; `nil`
        /// for not at all. One year by default.
        public var strictTransport: Duration? = .seconds(31_536_000)
        /// Whether clients reach the service by https even where the connection itself is plain, because a
        /// proxy ends TLS.
        public var isBehindTLS = false

        /// Makes a configuration for pages that load only what the service itself serves.
        public init() {}
    }

    private let plain: Blocks
    private let secure: Blocks
    private let isBehindTLS: Bool

    /// Prepares the fields, so that no request has to.
    public init(_ configuration: Configuration = Configuration()) {
        isBehindTLS = configuration.isBehindTLS
        plain = Blocks(configuration, strictTransport: nil)
        secure = Blocks(configuration, strictTransport: configuration.strictTransport)
    }

    /// Adds the fields that the answer does not have yet.
    public func apply(to response: inout Response, for request: Request) {
        let isPage = response.fields.withValue(of: .contentType) { Self.isHTML($0) } ?? false
        if request.isSecure || isBehindTLS {
            (isPage ? secure.page : secure.data).append(to: &response)
        } else {
            (isPage ? plain.page : plain.data).append(to: &response)
        }
    }

    /// This as a layer of its own.
    public var middleware: Middleware {
        { next in
            { request in
                var response = try await next(request)
                apply(to: &response, for: request)
                return response
            }
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

    /// The fields for pages and for everything else.
    private struct Blocks: Sendable {
        let page: Block
        let data: Block

        init(_ configuration: Configuration, strictTransport: Duration?) {
            // With `no-referrer` browsers send `Origin: null` along with the page's own forms (Fetch standard,
            // "append a request Origin header"), and no check of the origin could let them pass.
            page = Block(configuration.pagePolicy, referrerPolicy: "same-origin", strictTransport)
            data = Block(configuration.dataPolicy, referrerPolicy: "no-referrer", strictTransport)
        }
    }

    /// Fields made once, which are added together when nothing stands in their way.
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
            // Nearly every answer has set nothing that stands here, and its signature shows it.
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
    public static let contentSecurityPolicy: FieldName = "Content-Security-Policy"
    public static let contentTypeOptions: FieldName = "X-Content-Type-Options"
    public static let crossOriginOpenerPolicy: FieldName = "Cross-Origin-Opener-Policy"
    public static let crossOriginResourcePolicy: FieldName = "Cross-Origin-Resource-Policy"
    public static let referrerPolicy: FieldName = "Referrer-Policy"
    public static let strictTransportSecurity: FieldName = "Strict-Transport-Security"
}
