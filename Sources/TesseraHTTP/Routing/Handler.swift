/// Answers a request. A handler runs on the event loop of the request's connection, and must not block.
///
/// `nonisolated(nonsending)` keeps it where its caller is, so that a chain of middleware does not ask for an
/// executor at each step.
public typealias Handler = nonisolated(nonsending) @Sendable (Request) async throws -> Response

/// Wraps a handler in another one, once, at start-up.
public typealias Middleware = @Sendable (@escaping Handler) -> Handler

/// Answers a request at once, or returns `nil` to leave it to the handler, which may wait.
///
/// It must have no effect when it returns `nil`: the handler then begins from the start.
public typealias ImmediateHandler = @Sendable (Request) throws -> Response?

/// A handler of requests and, for the most frequent of them, a way to answer that never waits.
///
/// A task for each request costs more than reading and answering a small request together. A service that answers the
/// most frequent requests without waiting saves that task.
public struct Responder: Sendable {
    /// The way that never waits, which is tried first; `nil` for none.
    public var immediate: ImmediateHandler?
    /// The handler of every request that was not answered at once.
    public var handler: Handler

    /// A service of these handlers.
    public init(immediate: ImmediateHandler? = nil, handler: @escaping Handler) {
        self.immediate = immediate
        self.handler = handler
    }
}
