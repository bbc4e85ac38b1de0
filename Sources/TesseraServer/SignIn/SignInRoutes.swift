import TesseraCore
import TesseraHTTP
import TesseraText
import TesseraTime

/// `/login` and `/logout`: the pages on which people sign in and out.
struct SignInRoutes: Sendable {
    let pages: PageAccess
    let passwords: PasswordCheck
    let start: SessionStart
    let sessions: SessionDesk
    let cookies: CookieNames
    let configuration: AuthorityConfiguration

    func addRoutes(to router: inout Router) {
        router.get("/login", handler: pages.visit(showSignIn))
        router.post("/login", handler: signIn)
        router.post("/logout", handler: signOut)
    }

    /// `GET /login`
    func showSignIn(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let query = try request.queryParameters()
        let next = PageAccess.localTarget(try query.text("next"))
        guard visitor.user == nil else { return .redirect(to: next) }
        let notice = try query.text("done") == "signed-out" ? "You are signed out." : nil
        return pages.html(
            SignInPage(
                context: visitor.context(notice: notice), next: next, registration: registration(next: next)))
    }

    /// `POST /login`: `email`, `password`, `next`.
    func signIn(_ request: Request) async throws -> Response {
        let visitor = try await pages.visitor(of: request)
        let form = try await request.form(upTo: configuration.bodyLimit)
        try pages.authenticator.requireOwnPage(request, cookie: visitor.cookie, token: try form.text("csrf"))
        let email = try form.text("email") ?? ""
        let next = PageAccess.localTarget(try form.text("next"))
        func page(_ error: String) -> SignInPage {
            SignInPage(
                context: visitor.context(), email: TextLimit.typedAddress.cut(email), next: next,
                registration: registration(next: next), error: error)
        }
        let password = try form.text("password") ?? ""
        let result = try await passwords.prove(email: email, password: password, request, at: visitor.now) {
            proof in
            // A new session at each sign-in (ASVS 7.2.4); one that was there before is over.
            if let session = visitor.session {
                try await sessions.end(session, from: request.peer.host, at: visitor.now)
            }
            return try await start.start(proof, request, next: next, at: visitor.now)
        }
        switch result {
        case .proven(let response): return response
        case .wrong: return pages.html(page("The email or the password is wrong."), .unprocessableContent)
        case .tooEarly(let wait):
            return passwords.tooEarly(page(WaitPhrase(wait).sentence), wait: wait, request, at: visitor.now)
        }
    }

    /// `POST /logout`
    func signOut(_ request: Request) async throws -> Response {
        let visitor = try await pages.visitor(of: request)
        guard let session = visitor.session else { return .redirect(to: "/login") }
        let form = try await request.form(upTo: configuration.bodyLimit)
        try pages.authenticator.requireOwnPage(
            request, cookie: visitor.cookie, token: try form.text("csrf"), user: visitor.user)
        try await sessions.end(session, from: request.peer.host, at: visitor.now)
        var response = Response.redirect(to: "/login?done=signed-out")
        response.set(try cookies.make(cookies.session, nil))
        if let former = try cookies.takingBackFormer(cookies.session, of: request, ifItIs: visitor.cookie) {
            response.set(former)
        }
        return response
    }

    /// The page on which people open an account, before they go on to `next`; `nil` where they cannot.
    private func registration(next: String) -> String? {
        configuration.allowsRegistration ? "/register?next=" + PercentEncoding.queryValue(next) : nil
    }
}
