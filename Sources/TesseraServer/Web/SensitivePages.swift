public import TesseraCore
public import TesseraHTTP
import TesseraJOSE

/// What needs a fresh password: whoever finds a browser left open cannot make the access last.
///
/// Making and rotating tokens, revoking all of them, signing out elsewhere, and all that operators do to others. The
/// form that changes the password asks for the old one itself.
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
                let fields = form.pairs.filter { kept.contains($0.name) && !$0.value.isEmpty }
                let query = FormEncoding.encode(fields.map { ($0.name, $0.value) })
                // What is too long for an address is let go of.
                let isKept = (1...1_000).contains(query.utf8.count)
                return confirmFirst(isKept ? "\(request.path)?\(query)" : request.path)
            }
            return try await handler(request, form, person)
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
