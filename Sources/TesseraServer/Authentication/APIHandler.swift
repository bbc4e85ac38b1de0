import TesseraHTTP
import TesseraOpenAPI

/// A handler of an endpoint, with the body that it takes and its way to meet a repeated request.
///
/// `Authority.creating` makes one, and every method that makes an endpoint takes one.
public struct APIHandler<Maker: Sendable>: Sendable {
    let run: @Sendable (Request, Maker) async throws -> Response
    private var body: BodyDescription?
    private var takesIdempotencyKeys = false

    init(_ run: @escaping @Sendable (Request, Maker) async throws -> Response) { self.run = run }

    /// A handler that runs once a body has arrived that keeps the rules of its type.
    ///
    /// - Parameter limit: The largest accepted size in bytes.
    init<Body: APIBody>(
        upTo limit: Int, reading handler: @escaping @Sendable (Request, Maker, Body) async throws -> Response
    ) {
        run = { request, maker in
            try await handler(request, maker, request.read(Body.self, upTo: limit))
        }
        body = BodyDescription(Body.self)
    }

    /// The handler that `run` makes of this one, for requests that may be repeated.
    func takingIdempotencyKeys(
        _ run: @escaping @Sendable (Request, Maker) async throws -> Response
    ) -> APIHandler {
        var handler = APIHandler(run)
        handler.body = body
        handler.takesIdempotencyKeys = true
        return handler
    }

    /// An endpoint of this handler with its description.
    func described(_ endpoint: Endpoint) -> Endpoint {
        var endpoint = endpoint
        endpoint.body = body
        endpoint.takesIdempotencyKeys = takesIdempotencyKeys
        return endpoint
    }
}
