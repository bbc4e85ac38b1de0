import TesseraCore
import TesseraHTTP
import TesseraOpenAPI
import TesseraTime

/// The endpoints for which a session needs a fresh password.
extension Authenticator {
    /// Makes an endpoint of something sensitive; see ``Authority/protectSensitive(_:_:)``.
    func protectSensitive(
        _ scope: ScopeToken, _ handler: @escaping @Sendable (Request, Caller) async throws -> Response
    ) -> Endpoint {
        var endpoint = protect(scope) { [self] request, caller in
            if case .session(let session, let user) = caller, !isFresh(session, at: clock.now) {
                throw Refused.signInTooOld(owner: user.id)
            }
            return try await handler(request, caller)
        }
        endpoint.isSensitive = true
        return endpoint
    }

    /// Makes an endpoint that changes a token: a session must have begun, or been confirmed, lately where the change gives the
    /// token anything. A token needs its scope, as in ``protect(_:_:)``.
    func protectChange(
        _ scope: ScopeToken, _ handler: @escaping @Sendable (Request, Caller) async throws -> Response
    ) -> Endpoint {
        var endpoint = protect(scope) { request, caller in
            do {
                return try await handler(request, caller)
            } catch is TokenDesk.GivesMore {
                throw Refused.signInTooOld(owner: caller.user.id)
            }
        }
        endpoint.isSensitive = true
        return endpoint
    }

    /// Reports whether the password was given lately enough for something sensitive.
    func isFresh(_ session: Session, at now: NumericDate) -> Bool {
        now < session.authenticatedAt + configuration.freshPasswordAfter
    }
}
