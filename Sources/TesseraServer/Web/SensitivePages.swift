public import TesseraCore
public import TesseraHTTP
import TesseraJOSE
public import TesseraOpenAPI

/// What needs a fresh password: whoever finds a browser left open cannot make the access last.
///
/// Making and rotating tokens, revoking all of them, signing out elsewhere, and all that operators do to others. A change of
/// a token needs one where it gives the token more time or brings it back (``change(_:_:for:_:at:)``). The form that
/// changes the password asks for the old one itself.
extension Authority {
    /// Makes a handler of a page that leads to something sensitive: somebody whose log-in is old proves first once more
    /// who they are, and comes back. So no form is filled in in vain.
    func sensitivePage(_ handler: @escaping PageHandler) -> Handler { page(needingFreshPassword(handler)) }

    /// Makes a handler of a form that does something sensitive. From somebody whose log-in has become old meanwhile it does
    /// nothing: they prove who they are and come back to the page of the form, which is at the same address.
    ///
    /// - Parameter kept: The fields that the page also takes from its query, so that they need not be filled in again. No
    ///   secrets.
    func sensitiveForm(keeping kept: [String] = [], _ handler: @escaping FormHandler) -> Handler {
        form(needingFreshPassword(keeping: kept, handler))
    }

    func needingFreshPassword(_ handler: @escaping PageHandler) -> PageHandler {
        { [self] request, person in
            guard isFresh(person.session, at: person.now) else { return confirmFirst(request.target) }
            return try await handler(request, person)
        }
    }

    func needingFreshPassword(
        keeping kept: [String] = [], _ handler: @escaping FormHandler
    ) -> FormHandler {
        { [self] request, form, person in
            guard isFresh(person.session, at: person.now) else {
                return confirmFirst(Self.target(request.path, keeping: kept, of: form))
            }
            return try await handler(request, form, person)
        }
    }

    /// Makes a handler of a form that changes a token. Where the change gives the token anything, and the log-in is old, the
    /// form does nothing: the person proves who they are, and comes back to the page from which they sent it.
    ///
    /// - Parameters:
    ///   - page: The address of that page, for the form's request; that of the form unless given.
    ///   - kept: As in ``sensitiveForm(keeping:_:)``.
    func formOfChange(
        on page: @escaping @Sendable (Request) -> String = { $0.path }, keeping kept: [String] = [],
        _ handler: @escaping FormHandler
    ) -> Handler {
        form { [self] request, form, person in
            do {
                return try await handler(request, form, person)
            } catch is TokenDesk.GivesMore {
                return confirmFirst(Self.target(page(request), keeping: kept, of: form))
            }
        }
    }

    /// The address of a page with the fields of a form that it takes from its query.
    private static func target(_ path: String, keeping kept: [String], of form: FormParameters) -> String {
        let fields = form.pairs.filter { kept.contains($0.name) && !$0.value.isEmpty }
        let query = FormEncoding.encode(fields.map { ($0.name, $0.value) })
        // What is too long for an address is let go of.
        return (1...1_000).contains(query.utf8.count) ? "\(path)?\(query)" : path
    }

    /// Changes a token for its owner. A session whose log-in is old may only reduce what the token can do.
    ///
    /// Every change of a token goes through here, by page or by API, so that none is made without that rule.
    ///
    /// - Throws: ``TokenDesk/GivesMore`` where a fresh password is needed, and what
    ///   ``TokenDesk/change(_:_:onlyReducing:limit:by:from:at:)`` throws.
    func change(
        _ token: AccessToken, _ correction: TokenDesk.Correction, for caller: Caller, _ request: Request,
        at now: NumericDate
    ) async throws -> AccessToken {
        let isOld = if case .session(let session, _) = caller { !isFresh(session, at: now) } else { false }
        do {
            return try await tokens.change(
                token, correction, onlyReducing: isOld, limit: caller.limit(changing: token),
                by: caller.authorization, from: request.peer.host, at: now)
        } catch let error as ScopeExceeded {
            throw Refused.notPermitted(caller, error.sentence)
        }
    }

    /// Makes an endpoint of something sensitive: a session must have begun, or been confirmed, lately. A token needs its
    /// scope, as in ``protect(_:_:)``.
    public func protectSensitive(
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

    /// Whether the person has proved who they are lately enough for what is sensitive.
    func isFresh(_ session: Session, at now: NumericDate) -> Bool {
        now < session.authenticatedAt + configuration.freshPasswordAfter
    }

    private func confirmFirst(_ next: String) -> Response {
        redirect(to: "/login/confirm?next=" + PercentEncoding.queryValue(next))
    }
}

extension Request {
    /// The path and the query, as an address of this site.
    var target: String { query.map { "\(path)?\($0)" } ?? path }
}
