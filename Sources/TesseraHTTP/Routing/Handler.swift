/// Answers a request. It runs on the event loop of the request's connection and must not block.
public typealias Handler = @Sendable (Request) async throws -> Response

/// Wraps a handler in another one; put together once, at start-up.
public typealias Middleware = @Sendable (@escaping Handler) -> Handler
