/// Answers a request. It runs on the event loop of the request's connection and must not block.
///
/// `nonisolated(nonsending)`: it stays where its caller is, so that a chain of middleware does not ask for an
/// executor at each step.
public typealias Handler = nonisolated(nonsending) @Sendable (Request) async throws -> Response

/// Wraps a handler in another one; put together once, at start-up.
public typealias Middleware = @Sendable (@escaping Handler) -> Handler
