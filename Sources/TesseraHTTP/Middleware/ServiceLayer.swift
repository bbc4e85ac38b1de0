/// What surrounds every handler of a service, in one layer.
///
/// Each layer of its own costs every request an asynchronous frame; here one pass over the answer does the work
/// of all of them. The order is visible in ``middleware`` and is part of what is promised: an answer made from an
/// error, and the answer to a preflight, carry the same fields and are logged like any other.
public struct ServiceLayer: Sendable {
    /// What browsers are told about every answer.
    public var securityHeaders: SecurityHeaders
    /// `nil` lets no other origin in.
    public var cors: CORS?
    /// Answers a preflight of an origin that is not let in; `nil` leaves it to the routes.
    public var refusePreflight: (@Sendable (Request) -> Response?)?
    /// `nil` writes nothing and takes no time.
    public var accessLog: AccessLog?
    /// Turns what handlers throw into answers.
    public var render: @Sendable (any Error, Request) -> Response

    /// Puts a layer together. An error that carries fields expects `render` to put them into the answer:
    ///
    /// ```swift
    /// ServiceLayer { error, request in
    ///     let error = error as? HTTPError ?? HTTPError(.internalServerError, "Something went wrong here.")
    ///     return ProblemDetails(error).response(fields: error.fields)
    /// }
    /// ```
    public init(
        securityHeaders: SecurityHeaders = SecurityHeaders(), cors: CORS? = nil,
        refusePreflight: (@Sendable (Request) -> Response?)? = nil, accessLog: AccessLog? = nil,
        render: @escaping @Sendable (any Error, Request) -> Response
    ) {
        self.securityHeaders = securityHeaders
        self.cors = cors
        self.refusePreflight = refusePreflight
        self.accessLog = accessLog
        self.render = render
    }

    /// Puts the layer around a service.
    public func around(_ responder: Responder) -> Responder {
        Responder(immediate: responder.immediate.map(around), handler: middleware(responder.handler))
    }

    private func around(_ inner: @escaping ImmediateHandler) -> ImmediateHandler {
        { request in
            // A preflight, or a request of another origin, is rare enough for the way that may wait.
            if cors != nil, request.fields.count(of: .origin) > 0 { return nil }
            guard let accessLog else { return answer(request, inner) }
            let begun = accessLog.begin()
            guard let response = answer(request, inner) else { return nil }
            accessLog.record(request, response, begun: begun)
            return response
        }
    }

    private func answer(_ request: Request, _ inner: ImmediateHandler) -> Response? {
        var response: Response
        do {
            guard let answer = try inner(request) else { return nil }
            response = answer
        } catch {
            response = render(error, request)
        }
        // A cache must not show this answer to a page of another origin, which would get one with other fields.
        cors?.apply(to: &response, for: request)
        finish(&response, for: request)
        return response
    }

    /// The layer, to be put around a router's handler.
    public var middleware: Middleware {
        { next in
            { request in
                let begun = accessLog?.begin()
                var response: Response
                if let preflight = cors?.preflightAnswer(to: request) {
                    response = preflight
                } else if request.method == .options, let refused = refusePreflight?(request) {
                    response = refused
                    cors?.apply(to: &response, for: request)
                } else {
                    do {
                        response = try await next(request)
                    } catch {
                        response = render(error, request)
                    }
                    cors?.apply(to: &response, for: request)
                }
                finish(&response, for: request)
                if let accessLog, let begun { accessLog.record(request, response, begun: begun) }
                return response
            }
        }
    }

    private func finish(_ response: inout Response, for request: Request) {
        response.id = request.id
        securityHeaders.apply(to: &response, for: request)
    }
}
