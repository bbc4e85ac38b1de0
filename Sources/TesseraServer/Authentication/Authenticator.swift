import TesseraBearer
import TesseraCore
import TesseraHTTP
import TesseraOpenAPI
import TesseraTime

/// Finds the caller of each request to the API, and makes the endpoints that need one.
///
/// An object of its own, because each request counts it: nothing may hold a weak reference to it.
final class Authenticator: Sendable {
    let clock: WallClock
    let cookies: CookieNames
    let errors: ErrorResponses
    let requests: TokenRequestLog
    let configuration: AuthorityConfiguration
    let checker: TokenChecker
    let sessions: SessionDesk

    init(
        checker: TokenChecker, sessions: SessionDesk, requests: TokenRequestLog, cookies: CookieNames,
        errors: ErrorResponses, configuration: AuthorityConfiguration, clock: WallClock
    ) {
        self.checker = checker
        self.sessions = sessions
        self.requests = requests
        self.cookies = cookies
        self.errors = errors
        self.configuration = configuration
        self.clock = clock
    }

    /// Makes an endpoint for callers who may do this; see ``Authority/protect(_:_:)``.
    func protect(_ scope: ScopeToken, _ handler: APIHandler<Caller>) -> Endpoint {
        handler.described(Endpoint(.knownCaller([scope.text]), protect(needing: [scope], handler.run)))
    }

    /// Makes an endpoint for all known callers; see ``Authority/protect(_:)``.
    func protect(_ handler: APIHandler<Caller>) -> Endpoint {
        handler.described(Endpoint(.knownCaller([]), protect(needing: .empty, handler.run)))
    }

    private func protect(
        needing needed: Scope, _ handler: @escaping @Sendable (Request, Caller) async throws -> Response
    ) -> Handler {
        { [self] request in
            let now = clock.now
            switch try await authenticate(request, needing: needed, at: now) {
            case .known(let caller):
                let response = try await answer(request, of: caller, needing: needed, at: now, handler)
                return warnOfExpiry(response, caller.tokenExpiry, at: now)
            case .anonymous(let sessionEnded): throw absence(in: request, sessionEnded: sessionEnded)
            }
        }
    }

    /// Makes an endpoint that answers at once where it can; see ``Authority/protectImmediate(token:session:)``.
    func protectImmediate(
        token: @escaping @Sendable (Request, VerifiedAccessToken) throws -> Response,
        session: @escaping @Sendable (Request, User) throws -> Response
    ) -> Endpoint {
        Endpoint(
            .knownCaller([]),
            Responder(
                immediate: immediately(token),
                handler: protect(needing: .empty) { request, caller in
                    switch caller {
                    case .token(let verified): try token(request, verified)
                    case .session(_, let user): try session(request, user)
                    }
                }))
    }

    /// Runs the handler of a caller who was checked, and checks the caller again where that may have become wrong: behind a
    /// body that was still on its way, and by the change itself (``Caller/authorization``).
    private func answer(
        _ request: Request, of caller: Caller, needing needed: Scope, at now: NumericDate,
        _ handler: @Sendable (Request, Caller) async throws -> Response
    ) async throws -> Response {
        try await noting(request, caller, at: now) {
            do {
                try request.requireUntagged()
                return try await handler(checkingAgain(request, needing: needed), caller)
            } catch let error as StoreError where error.code == .authorizationEnded {
                // The same refusal as for a request that begins now. A cache may not have heard yet.
                try await check(request, needing: needed)
                throw Refused.ended(caller)
            }
        }
    }

    private func checkingAgain(_ request: Request, needing needed: Scope) -> Request {
        if request.body.hasArrived { return request }
        var checked = request
        checked.body = request.body.checked { [self] in try await check(request, needing: needed) }
        return checked
    }

    /// Returns when the credentials of a request are good now.
    private func check(_ request: Request, needing needed: Scope) async throws {
        if case .anonymous(let sessionEnded) = try await authenticate(request, needing: needed, at: clock.now)
        {
            throw absence(in: request, sessionEnded: sessionEnded)
        }
    }

    private func immediately(
        _ handler: @escaping @Sendable (Request, VerifiedAccessToken) throws -> Response
    ) -> ImmediateHandler {
        { [self] request in
            let now = clock.now
            switch try checkImmediately(request, at: now) {
            case .accepted(let token):
                guard token.rights.isOfUser else {
                    return errors.answer(Refused.personNeeded(token), to: request, at: now)
                }
                // Nearly always over the budget of what is kept: no closure then, which would copy the token.
                let response =
                    requests.admit(at: now)
                    ? try keeping(request, token, at: now) { try handler(request, token) }
                    : try handler(request, token)
                return warnOfExpiry(response, token.expiresAt, at: now)
            case .refused(let rejection): return errors.answer(Refused(rejection), to: request, at: now)
            case nil: return nil
            }
        }
    }

    /// Checks the token of a request where it stands, without copying it.
    private func checkImmediately(_ request: Request, at now: NumericDate) throws(StoreError) -> TokenCheck? {
        let address = request.peer.client
        let check = try request.fields.withOnlyValue(of: .authorization) {
            (field) throws(StoreError) -> TokenCheck? in
            // The checker refuses all that is not in the grammar of a token of ours, which is narrower than token68.
            guard case .token(let range) = BearerCredentials.locate(in: field) else { return nil }
            return try checker.checkImmediately(field.extracting(range), at: now, from: address)
        }
        switch consume check {
        case .some(let check): return check
        case nil: return nil
        }
    }

    /// Makes an endpoint whose handler is told the caller if there is one; see ``Authority/open(_:)``.
    func open(_ handler: APIHandler<Caller?>) -> Endpoint {
        let (described, handler) = (handler.described, handler.run)
        return described(
            Endpoint(.anyCaller) { [self] request in
                let now = clock.now
                switch try await authenticate(request, needing: .empty, at: now) {
                case .known(let caller):
                    let response = try await answer(request, of: caller, needing: .empty, at: now, handler)
                    return warnOfExpiry(response, caller.tokenExpiry, at: now)
                case .anonymous:
                    try request.requireUntagged()
                    return try await handler(request, nil)
                }
            })
    }

    private func warnOfExpiry(
        _ response: consuming Response, _ expiresAt: NumericDate?, at now: NumericDate
    ) -> Response {
        guard let expiresAt, expiresAt <= now + configuration.tokenPolicy.expiryWarning else {
            return response
        }
        response.fields.append(.tesseraTokenExpires, expiresAt.rfc3339)
        return response
    }
}

extension Request {
    /// Refuses a change that is to be made only to a state which the caller has seen: nothing that can be changed here
    /// has entity tags, and to ignore the condition would be to overwrite what the caller has not seen.
    fileprivate func requireUntagged() throws(HTTPError) {
        if !method.isSafe { try requireMatch(of: nil) }
    }
}
