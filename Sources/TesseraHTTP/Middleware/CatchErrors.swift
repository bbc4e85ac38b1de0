/// Turns what handlers throw into answers.
///
/// - Parameter render: The one place that knows every kind of error; it gets the request to see what kind of answer
///   the client wants.
public func catchErrors(render: @escaping @Sendable (any Error, Request) -> Response) -> Middleware {
    { next in
        { request in
            do {
                return try await next(request)
            } catch {
                return render(error, request)
            }
        }
    }
}
