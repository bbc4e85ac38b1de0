public import TesseraCore
public import TesseraHTTP
public import TesseraOpenAPI

/// A handler that creates something, and that a repeated request does not run again.
///
/// Made by ``Authority/creating(hiding:upTo:_:)-1``. An endpoint made of it takes the field `Idempotency-Key`, and its
/// description says so.
public struct Creation<Maker: Sendable>: Sendable {
    let handler: @Sendable (Request, Maker) async throws -> Response
}

extension Authority {
    /// Makes a handler run once for each `Idempotency-Key` of a caller, within 24 hours.
    ///
    /// The first request with a key runs the handler. A second one gets the same answer, without the members in `secrets`;
    /// 409 while the end of the first is not known; 422 when it asks for something else. A request without the field runs
    /// the handler in any case.
    ///
    /// A handler that throws an ``HTTPError`` below 500, or another error that ``ErrorResponses`` answers with such a status,
    /// must have created nothing: the key is free again after that.
    ///
    /// - Parameters:
    ///   - secrets: The members of the answer's object that are shown once, and are never stored.
    ///   - limit: The largest body in bytes; that of the configuration if not given.
    ///   - handler: Answers 2xx when it has created something.
    public func creating(
        hiding secrets: Set<String> = [], upTo limit: Int? = nil,
        _ handler: @escaping @Sendable (Request, Caller) async throws -> Response
    ) -> Creation<Caller> {
        let rule = RetryRule(secrets: secrets, bodyLimit: limit ?? configuration.bodyLimit)
        return Creation { [self] request, caller in
            try await answerOnce(request, caller, rule) { request in try await handler(request, caller) }
        }
    }

    /// The same for an endpoint that is open to everybody.
    ///
    /// Without credentials, a key is not used: nothing else would tell one stranger from another. The body of such a request
    /// may hold a password, so that its fingerprint depends on the caller's secret as well.
    public func creating(
        hiding secrets: Set<String> = [], upTo limit: Int? = nil,
        _ handler: @escaping @Sendable (Request, Caller?) async throws -> Response
    ) -> Creation<Caller?> {
        let rule = RetryRule(
            secrets: secrets, bodyLimit: limit ?? configuration.bodyLimit, isBodySecret: true)
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

    /// Makes an endpoint that creates something for a caller who may do this; see ``protect(_:_:)``.
    public func protect(_ scope: ScopeToken, _ creation: Creation<Caller>) -> Endpoint {
        protect(scope, creation.handler).takingIdempotencyKeys
    }

    /// Makes an endpoint that creates something for a known caller, whatever their token may do; see ``protect(_:)``.
    public func protect(_ creation: Creation<Caller>) -> Endpoint {
        protect(creation.handler).takingIdempotencyKeys
    }

    /// Makes an endpoint that creates something sensitive; see ``protectSensitive(_:_:)``.
    public func protectSensitive(_ scope: ScopeToken, _ creation: Creation<Caller>) -> Endpoint {
        protectSensitive(scope, creation.handler).takingIdempotencyKeys
    }

    /// Makes an endpoint that creates something for everybody; see ``open(_:)``.
    public func open(_ creation: Creation<Caller?>) -> Endpoint {
        open(creation.handler).takingIdempotencyKeys
    }
}

extension Endpoint {
    fileprivate var takingIdempotencyKeys: Endpoint {
        var endpoint = self
        endpoint.takesIdempotencyKeys = true
        return endpoint
    }
}

/// The differences between endpoints that take an `Idempotency-Key`.
struct RetryRule: Sendable {
    /// The members of the answer that are never stored.
    var secrets: Set<String> = []
    var bodyLimit: Int
    /// Whether a digest of the body could help to guess a password in it.
    var isBodySecret = false
}
