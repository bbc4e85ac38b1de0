import TesseraCore
import TesseraHTTP
import TesseraOpenAPI
import TesseraTime

/// The endpoints for which a session needs a fresh password.
extension Authenticator {
    /// Makes an endpoint of something sensitive; see ``Authority/protectSensitive(_:_:)``.
    func protectSensitive(_ scope: ScopeToken, _ handler: APIHandler<Caller>) -> Endpoint {
        var endpoint = protect(
            scope,
            APIHandler { [self] request, caller in
                if case .session(let session, let user) = caller, !isFresh(session, at: clock.now) {
                    throw Refused.signInTooOld(owner: user.id)
                }
                return try await handler.run(request, caller)
            })
        endpoint.isSensitive = true
        return handler.described(endpoint)
    }

    /// Makes an endpoint that changes a token: a session must have begun, or been confirmed, lately where the change gives the
    /// token anything. A token needs its scope, as in ``protect(_:_:)``.
    func protectChange(_ scope: ScopeToken, _ handler: APIHandler<Caller>) -> Endpoint {
        var endpoint = protect(
            scope,
            APIHandler { request, caller in
                do {
                    return try await handler.run(request, caller)
                } catch is TokenDesk.GivesMore {
                    throw Refused.signInTooOld(owner: caller.user.id)
                }
            })
        endpoint.isSensitive = true
        return handler.described(endpoint)
    }

    /// Reports whether the password was given lately enough for something sensitive.
    func isFresh(_ session: Session, at now: NumericDate) -> Bool {
        now < session.authenticatedAt + configuration.freshPasswordAfter
    }
}
