/// Tells clients what their request is called, so that both sides can find it in a log.
public enum RequestIdentity {
    /// Adds `X-Request-ID`, instead of any that a handler has set.
    public static func apply(to response: inout Response, for request: Request) {
        response.fields[.requestID] = request.id.description
    }

    /// This as a layer of its own.
    public static let middleware: Middleware = { next in
        { request in
            var response = try await next(request)
            apply(to: &response, for: request)
            return response
        }
    }
}

extension FieldName {
    public static let requestID: FieldName = "X-Request-ID"
}
