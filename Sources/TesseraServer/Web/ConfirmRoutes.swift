import TesseraCore
import TesseraHTTP

/// The page on which people prove once more who they are.
extension Authority {
    /// `GET /login/confirm`
    func showConfirm(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let next = Self.localTarget(try single("next", in: try request.queryParameters()))
        guard !isFresh(person.session, at: person.now) else { return redirect(to: next) }
        return html(
            ConfirmPage(
                context: person.context(), authenticated: person.session.authenticatedAt, next: next))
    }

    /// `POST /login/confirm`: `password`, `next`.
    func confirm(_ request: Request, _ form: FormParameters, _ person: SignedInVisitor) async throws
        -> Response
    {
        let next = Self.localTarget(try single("next", in: form))
        func page(_ error: String) -> ConfirmPage {
            ConfirmPage(
                context: person.context(), authenticated: person.session.authenticatedAt, next: next,
                error: error)
        }
        switch try await prove(
            email: person.user.email.text, password: try single("password", in: form) ?? "",
            in: person.session, request, at: person.now)
        {
        case .proven(let user) where user.id == person.user.id: break
        case .proven, .wrong: return html(page("This is not your password."), .unprocessableContent)
        case .tooEarly(let wait):
            return tooEarly(page(WaitPhrase(wait).sentence), wait: wait, request, at: person.now)
        }
        let cookie = try await sessions.renew(person.session, from: request.peer.host, at: person.now)
        // The session was ended elsewhere at this very moment: a password does not bring it back.
        guard let cookie else { return redirect(to: "/login?next=" + PercentEncoding.queryValue(next)) }
        var response = redirect(to: next)
        response.set(try cookies.make(cookies.session, cookie, lifetime: sessions.limits.absolute))
        return response
    }
}
