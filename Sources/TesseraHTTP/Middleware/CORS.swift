/// Lets pages of named other origins read answers (Fetch standard, "HTTP CORS protocol").
///
/// Credentials that a browser adds by itself, cookies first of all, are never allowed: a page of another origin
/// sends `Authorization` or is nobody. An origin that is not named gets the same answer without any of the fields.
public struct CORS: Sendable {
    /// Whom it lets in, and to what.
    public struct Configuration: Sendable {
        /// The origins that are let in; exact, and none by default.
        public var origins: [Origin] = []
        /// The paths that answer other origins: each of these, and everything below it.
        public var paths: [String] = []
        /// The methods that the answer to a preflight allows.
        public var methods: [Method] = [.get, .head, .post, .put, .patch, .delete]
        /// The fields that a page may send, besides those it always may.
        public var requestFields = usualRequestFields
        /// The fields of an answer that a page may read, besides those it always may.
        public var exposedFields: [FieldName] = [.wwwAuthenticate, .link, .location, .retryAfter]
        /// How long a browser remembers the answer to a preflight, in whole seconds.
        public var preflightLifetime: Duration = .seconds(600)

        /// The fields that a page may send unless something else is said: credentials, the type of a body, the key of a
        /// repeated request, the trace that a request belongs to (W3C Trace Context), and the mark of older script
        /// libraries.
        public static let usualRequestFields: [FieldName] = [
            .authorization, .contentType, .idempotencyKey, .traceParent, .traceState, .xRequestedWith,
        ]

        /// Makes a configuration with the usual methods and fields.
        public init(origins: [Origin] = [], paths: [String] = []) {
            self.origins = origins
            self.paths = paths
        }
    }

    private static let varyByOrigin: Fields = [.vary: "Origin"]

    /// What an answer carries, for each origin.
    private let answers: [Origin: Fields]
    /// What the answer to a preflight carries, for each origin.
    private let preflightAnswers: [Origin: Fields]
    private let paths: [String]

    /// Prepares the fields for each origin, so that no request has to.
    public init(_ configuration: Configuration) {
        var answers: [Origin: Fields] = [:]
        var preflightAnswers: [Origin: Fields] = [:]
        let exposed = Self.list(configuration.exposedFields.map(\.text))
        let methods = Self.list(configuration.methods.map(\.text))
        let requestFields = Self.list(configuration.requestFields.map(\.text))
        for origin in configuration.origins {
            var fields: Fields = [.accessControlAllowOrigin: origin.text, .vary: "Origin"]
            var preflight = fields
            if let exposed { fields.append(.accessControlExposeHeaders, exposed) }
            if let methods { preflight.append(.accessControlAllowMethods, methods) }
            if let requestFields { preflight.append(.accessControlAllowHeaders, requestFields) }
            preflight.append(
                .accessControlMaxAge, String(max(0, configuration.preflightLifetime.components.seconds)))
            answers[origin] = fields
            preflightAnswers[origin] = preflight
        }
        self.answers = answers
        self.preflightAnswers = preflightAnswers
        paths = configuration.paths.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    /// The answer to a preflight of an origin that is let in; `nil` for every other request.
    public func preflightAnswer(to request: Request) -> Response? {
        guard request.method == .options, applies(to: request.path),
            request.fields.count(of: .accessControlRequestMethod) > 0,
            let origin = request.fields.origin.flatMap(Origin.init(_:)), let fields = preflightAnswers[origin]
        else { return nil }
        return Response(.noContent, fields: fields)
    }

    /// Adds the fields for the origin of the request, and that the answer depends on it.
    public func apply(to response: inout Response, for request: Request) {
        apply(to: &response, path: request.path, origin: request.fields.origin)
    }

    /// Adds the fields to the answer to a request that was refused before a handler saw it. Without a path, as when the
    /// request line is malformed, there is nothing to add.
    public func apply(to response: inout Response, for refused: RefusedRequest) {
        guard let path = refused.path else { return }
        apply(to: &response, path: path, origin: refused.origin)
    }

    private func apply(to response: inout Response, path: String, origin: String?) {
        guard applies(to: path) else { return }
        let fields = origin.flatMap(Origin.init(_:)).flatMap { answers[$0] }
        response.fields.append(contentsOf: fields ?? Self.varyByOrigin)
    }

    /// This as a layer of its own. It has to surround what turns errors into answers, so that a page of another
    /// origin can read those too.
    public var middleware: Middleware {
        { next in
            { request in
                if let answer = preflightAnswer(to: request) { return answer }
                var response = try await next(request)
                apply(to: &response, for: request)
                return response
            }
        }
    }

    private func applies(to path: String) -> Bool {
        !answers.isEmpty && paths.contains { Self.path($0, contains: path) }
    }

    /// Whether a path is this one or stands below it, as bytes.
    private static func path(_ prefix: String, contains path: String) -> Bool {
        guard path.utf8.starts(with: prefix.utf8) else { return false }
        let rest = path.utf8.dropFirst(prefix.utf8.count)
        return rest.isEmpty || rest.first == 0x2F
    }

    private static func list(_ names: [String]) -> String? {
        names.isEmpty ? nil : names.joined(separator: ", ")
    }
}

extension Fields {
    /// The value of `Origin` when it is there once; two are none.
    var origin: String? { count(of: .origin) == 1 ? self[.origin] : nil }
}
