/// Lets pages of named other origins read responses (Fetch standard, "HTTP CORS protocol").
///
/// Credentials that a browser adds by itself, such as cookies, are never allowed: a page of another origin must send
/// `Authorization`. Other origins get the same responses without the CORS fields.
public struct CORS: Sendable {
    /// The origins, paths, methods and fields that are allowed.
    public struct Configuration: Sendable {
        /// The allowed origins, compared exactly. Default: none.
        public var origins: [Origin] = []
        /// The paths that allow other origins, each with everything below it.
        public var paths: [String] = []
        /// The methods that the response to a preflight allows.
        public var methods: [Method] = [.get, .head, .post, .put, .patch, .delete]
        /// The request fields that a page may send, in addition to those that are always allowed.
        public var requestFields = usualRequestFields
        /// The response fields that a page may read, in addition to those that are always allowed.
        public var exposedFields: [FieldName] = [.wwwAuthenticate, .link, .location, .retryAfter]
        /// The time for which a browser may cache the response to a preflight, in whole seconds.
        public var preflightLifetime: Duration = .seconds(600)

        /// The default request fields: credentials, the type of a body, the key of a repeated request, the trace of a
        /// request (W3C Trace Context), and the marker of older script libraries.
        public static let usualRequestFields: [FieldName] = [
            .authorization, .contentType, .idempotencyKey, .traceParent, .traceState, .xRequestedWith,
        ]

        /// Makes a configuration with the default methods and fields.
        public init(origins: [Origin] = [], paths: [String] = []) {
            self.origins = origins
            self.paths = paths
        }
    }

    private static let varyByOrigin: Fields = [.vary: "Origin"]

    /// The fields of a response, for each origin.
    private let answers: [Origin: Fields]
    /// The fields of the response to a preflight, for each origin.
    private let preflightAnswers: [Origin: Fields]
    private let paths: [String]

    /// Prepares the fields of each origin once, so that requests do not have to.
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

    /// Returns the response to a preflight from an allowed origin; `nil` for any other request.
    public func preflightAnswer(to request: Request) -> Response? {
        guard request.method == .options, applies(to: request.path),
            request.fields.count(of: .accessControlRequestMethod) > 0,
            let origin = request.fields.origin.flatMap(Origin.init(_:)), let fields = preflightAnswers[origin]
        else { return nil }
        return Response(.noContent, fields: fields)
    }

    /// Adds the fields for the origin of the request, and `Vary: Origin`.
    public func apply(to response: inout Response, for request: Request) {
        apply(to: &response, path: request.path, origin: request.fields.origin)
    }

    /// Adds the fields to the response to a request that was refused before a handler saw it. Adds none if the path is
    /// unknown, as with a malformed request line.
    public func apply(to response: inout Response, for refused: RefusedRequest) {
        guard let path = refused.path else { return }
        apply(to: &response, path: path, origin: refused.origin)
    }

    private func apply(to response: inout Response, path: String, origin: String?) {
        guard applies(to: path) else { return }
        let fields = origin.flatMap(Origin.init(_:)).flatMap { answers[$0] }
        response.fields.append(contentsOf: fields ?? Self.varyByOrigin)
    }

    private func applies(to path: String) -> Bool {
        !answers.isEmpty && paths.contains { Self.path($0, contains: path) }
    }

    /// Reports whether a path equals `prefix` or is below it, compared as bytes.
    private static func path(_ prefix: String, contains path: String) -> Bool {
        guard path.utf8.starts(with: prefix.utf8) else { return false }
        let rest = path.utf8.dropFirst(prefix.utf8.count)
        return rest.isEmpty || rest.first == 0x2F
    }

    private static func list(_ names: [String]) -> String? {
        names.isEmpty ? nil : names.joined(separator: ", ")
    }
}
