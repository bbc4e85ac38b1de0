/// Answers a request. It runs on the event loop of the request's connection and must not block.
///
/// `nonisolated(nonsending)`: it stays where its caller is, so that a chain of middleware does not ask for an
/// executor at each step.
public typealias Handler = nonisolated(nonsending) @Sendable (Request) async throws -> Response

/// Wraps a handler in another one; put together once, at start-up.
public typealias Middleware = @Sendable (@escaping Handler) -> Handler

/// Answers a request at once, or says with `nil` that the handler has to, because something must be waited for.
///
/// It must not have any effect when it returns `nil`: the handler then begins from the start.
public typealias ImmediateHandler = @Sendable (Request) throws -> Response?

/// What answers requests: a handler, and beside it, where it pays, a way that never waits.
///
/// A task for each request costs more than reading and answering a small request together. A service that can answer
/// the most frequent ones without waiting spares them the task.
public struct Responder: Sendable {
    /// Asked first; `nil` for none.
    public var immediate: ImmediateHandler?
    public var handler: Handler

    public init(immediate: ImmediateHandler? = nil, handler: @escaping Handler) {
        self.immediate = immediate
        self.handler = handler
    }
}
