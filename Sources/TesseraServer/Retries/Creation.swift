import TesseraCore
import TesseraHTTP
import TesseraOpenAPI

/// A handler that creates something, and that a repeated request does not run again.
///
/// Made by ``Authority/creating(hiding:upTo:_:)-1``. An endpoint made of it takes the field `Idempotency-Key`, and its
/// description says so.
public struct Creation<Maker: Sendable>: Sendable {
    let handler: @Sendable (Request, Maker) async throws -> Response
}

extension Retries {
    /// Makes a handler run once for each key of a caller; see ``Authority/creating(hiding:upTo:_:)-1``.
    func creating(
        hiding secrets: Set<String> = [], upTo limit: Int? = nil,
        _ handler: @escaping @Sendable (Request, Caller) async throws -> Response
    ) -> Creation<Caller> {
        let rule = RetryRule(secrets: secrets, bodyLimit: limit ?? bodyLimit)
        return Creation { [self] request, caller in
            try await answerOnce(request, caller, rule) { request in try await handler(request, caller) }
        }
    }

    /// The same for an endpoint that is open to callers without credentials.
    func creating(
        hiding secrets: Set<String> = [], upTo limit: Int? = nil,
        _ handler: @escaping @Sendable (Request, Caller?) async throws -> Response
    ) -> Creation<Caller?> {
        let rule = RetryRule(secrets: secrets, bodyLimit: limit ?? bodyLimit, isBodySecret: true)
        return Creation { [self] request, caller in
            guard let caller else {
                _ = try idempotencyKey(of: request)
                return try await handler(request, nil)
            }
            return try await answerOnce(request, caller, rule) { request in
                try await handler(request, caller)
            }
        }
    }
}

extension Authenticator {
    /// Makes an endpoint that creates something sensitive; see ``Authority/protectSensitive(_:_:)``.
    func protectSensitive(_ scope: ScopeToken, _ creation: Creation<Caller>) -> Endpoint {
        protectSensitive(scope, creation.handler).takingIdempotencyKeys
    }
}

extension Endpoint {
    /// The endpoint, described as one whose repeated requests create nothing.
    var takingIdempotencyKeys: Endpoint {
        var endpoint = self
        endpoint.takesIdempotencyKeys = true
        return endpoint
    }
}
