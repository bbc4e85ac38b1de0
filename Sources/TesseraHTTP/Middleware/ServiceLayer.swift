/// The layer around every handler of a service: security fields, CORS, errors and the access log.
///
/// A separate layer for each of them would cost every request an asynchronous frame; here one pass over the response
/// does all the work. The order in ``middleware`` is part of the contract: responses made from errors and responses to
/// preflights get the same fields and log entries as all others.
public struct ServiceLayer: Sendable {
    /// The fields that restrict browsers.
    public var securityHeaders: SecurityHeaders
    /// The allowed other origins; `nil` allows none.
    public var cors: CORS?
    /// Answers a preflight from an origin that is not allowed; `nil` leaves it to the routes.
    public var refusePreflight: (@Sendable (Request) -> Response?)?
    /// The access log; `nil` writes none and costs no time.
    public var accessLog: AccessLog?
    /// Makes the response to an error that a handler throws.
    public var render: @Sendable (any Error, Request) -> Response

    /// Makes a layer. `render` must copy the fields of an ``HTTPError`` into its response.
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

    /// Wraps the layer around a service.
    public func around(_ responder: Responder) -> Responder {
        Responder(immediate: responder.immediate.map(around), handler: middleware(responder.handler))
    }

    private func around(_ inner: @escaping ImmediateHandler) -> ImmediateHandler {
        { request in
            // Preflights and requests from other origins are rare, so the asynchronous path handles them.
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
        // A cache must not serve this response to a page of another origin, which needs other fields.
        cors?.apply(to: &response, for: request)
        finish(&response, for: request)
        return response
    }

    /// The layer as a wrapper for a router's handler.
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
