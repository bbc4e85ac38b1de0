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
        let wrong = html(page("This is not your password."), .unprocessableContent)
        let result = try await prove(
            email: person.user.email.text, password: try single("password", in: form) ?? "",
            in: person.session, request, at: person.now
        ) { proof -> Response? in
            guard proof.user.id == person.user.id else { return wrong }
            let cookie = try await sessions.renew(
                person.session, proof, from: request.peer.host, at: person.now)
            guard let cookie else {
                // A session that was ended elsewhere at this very moment: a password does not bring it back.
                let isLive = try await visitor(of: request).session?.id == person.session.id
                return isLive ? nil : signInFirst(next: next)
            }
            var response = redirect(to: next)
            response.set(try cookies.make(cookies.session, cookie, lifetime: sessions.limits.absolute))
            return response
        }
        return switch result {
        case .proven(let response): response
        case .wrong: wrong
        case .tooEarly(let wait):
            tooEarly(page(WaitPhrase(wait).sentence), wait: wait, request, at: person.now)
        }
    }
}
