import TesseraCore
import TesseraHTTP

/// `/login/confirm`: the page on which people give their password again before something sensitive.
struct ConfirmRoutes: Sendable {
    let pages: PageAccess
    let passwords: PasswordCheck
    let sessions: SessionDesk
    let cookies: CookieNames

    func addRoutes(to router: inout Router) {
        router.get("/login/confirm", handler: pages.page(showConfirm))
        router.post("/login/confirm", handler: pages.form(confirm))
    }

    /// `GET /login/confirm`
    func showConfirm(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let next = PageAccess.localTarget(try request.queryParameters().text("next"))
        guard !pages.authenticator.isFresh(person.session, at: person.now) else { return .redirect(to: next) }
        return pages.html(
            ConfirmPage(
                context: person.context(), authenticated: person.session.authenticatedAt, next: next))
    }

    /// `POST /login/confirm`: `password`, `next`.
    func confirm(_ request: Request, _ form: FormParameters, _ person: SignedInVisitor) async throws
        -> Response
    {
        let next = PageAccess.localTarget(try form.text("next"))
        func page(_ error: String) -> ConfirmPage {
            ConfirmPage(
                context: person.context(), authenticated: person.session.authenticatedAt, next: next,
                error: error)
        }
        let wrong = pages.html(page("This is not your password."), .unprocessableContent)
        let result = try await passwords.prove(
            email: person.user.email.text, password: try form.text("password") ?? "",
            in: person.session, request, at: person.now
        ) { proof -> Response? in
            guard proof.user.id == person.user.id else { return wrong }
            let cookie = try await sessions.renew(
                person.session, proof, from: request.peer.host, at: person.now)
            guard let cookie else {
                // A session that was ended elsewhere at this very moment: a password does not bring it back.
                let isLive = try await pages.visitor(of: request).session?.id == person.session.id
                return isLive ? nil : pages.signInFirst(next: next)
            }
            var response = Response.redirect(to: next)
            response.set(try cookies.make(cookies.session, cookie, lifetime: sessions.limits.absolute))
            return response
        }
        return switch result {
        case .proven(let response): response
        case .wrong: wrong
        case .tooEarly(let wait):
            passwords.tooEarly(page(WaitPhrase(wait).sentence), wait: wait, request, at: person.now)
        }
    }
}
