import TesseraHTTP
import TesseraOpenAPI

extension Retries {
    /// Makes a handler run once for each key of a caller; see ``Authority/creating(hiding:upTo:_:)-1``.
    func creating(
        hiding secrets: Set<String> = [], upTo limit: Int? = nil, _ handler: APIHandler<Caller>
    ) -> APIHandler<Caller> {
        let rule = RetryRule(secrets: secrets, bodyLimit: limit ?? bodyLimit)
        return handler.takingIdempotencyKeys { [self] request, caller in
            try await answerOnce(request, caller, rule) { request in try await handler.run(request, caller) }
        }
    }

    /// The same for an endpoint that is open to callers without credentials.
    func creating(
        hiding secrets: Set<String> = [], upTo limit: Int? = nil, _ handler: APIHandler<Caller?>
    ) -> APIHandler<Caller?> {
        let rule = RetryRule(secrets: secrets, bodyLimit: limit ?? bodyLimit, isBodySecret: true)
        return handler.takingIdempotencyKeys { [self] request, caller in
            guard let caller else {
                _ = try idempotencyKey(of: request)
                return try await handler.run(request, nil)
            }
            return try await answerOnce(request, caller, rule) { request in
                try await handler.run(request, caller)
            }
        }
    }
}
