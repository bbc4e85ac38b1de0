import TesseraCore
import TesseraHTTP
import TesseraText
import TesseraTime

extension Authority {
    /// `GET /login`
    func showSignIn(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let query = try request.queryParameters()
        let next = Self.localTarget(try single("next", in: query))
        guard visitor.user == nil else { return redirect(to: next) }
        let notice = try single("done", in: query) == "signed-out" ? "You are signed out." : nil
        return html(
            SignInPage(
                context: visitor.context(notice: notice), next: next, registration: registration(next: next)))
    }

    /// `POST /login`: `email`, `password`, `next`.
    func signIn(_ request: Request) async throws -> Response {
        let visitor = try await self.visitor(of: request)
        let form = try await request.form(upTo: configuration.bodyLimit)
        try requireOwnPage(request, cookie: visitor.cookie, token: try single("csrf", in: form))
        let email = try single("email", in: form) ?? ""
        let next = Self.localTarget(try single("next", in: form))
        func page(_ error: String) -> SignInPage {
            SignInPage(
                context: visitor.context(), email: TextLimit.typedAddress.cut(email), next: next,
                registration: registration(next: next), error: error)
        }
        let password = try single("password", in: form) ?? ""
        let result = try await prove(email: email, password: password, request, at: visitor.now) { proof in
            // A new session at each sign-in (N200); one that was there before is over.
            if let session = visitor.session {
                try await sessions.end(session, from: request.peer.host, at: visitor.now)
            }
            return try await startSession(proof, request, next: next, at: visitor.now)
        }
        switch result {
        case .proven(let response): return response
        case .wrong: return html(page("The email or the password is wrong."), .unprocessableContent)
        case .tooEarly(let wait):
            return tooEarly(page(WaitPhrase(wait).sentence), wait: wait, request, at: visitor.now)
        }
    }

    /// Starts a session for somebody who has just proved who they are, and sends them on; `nil` when the account has changed
    /// since.
    func startSession(
        _ proof: SignInProof, _ request: Request, next: String, at now: NumericDate
    ) async throws -> Response? {
        let started = try await sessions.start(
            proof, userAgent: request.fields[.userAgent] ?? "", address: request.peer.host, at: now)
        guard let cookie = started?.cookie else { return nil }
        let user = proof.user
        var response = redirect(to: next)
        response.set(try cookies.make(cookies.session, cookie, lifetime: sessions.limits.absolute))
        response.set(try cookies.make(cookies.visitor, nil))
        if browsers.identifier(in: cookies.value(of: cookies.browser, in: request), for: user.email) == nil {
            let mark = browsers.mark(for: user.email, random: random)
            response.set(try cookies.make(cookies.browser, mark, lifetime: KnownBrowsers.lifetime))
        }
        return response
    }

    /// `POST /logout`
    func signOut(_ request: Request) async throws -> Response {
        let visitor = try await self.visitor(of: request)
        guard let session = visitor.session else { return redirect(to: "/login") }
        let form = try await request.form(upTo: configuration.bodyLimit)
        try requireOwnPage(
            request, cookie: visitor.cookie, token: try single("csrf", in: form), user: visitor.user)
        try await sessions.end(session, from: request.peer.host, at: visitor.now)
        var response = redirect(to: "/login?done=signed-out")
        response.set(try cookies.make(cookies.session, nil))
        if let former = try cookies.takingBackFormer(cookies.session, of: request, ifItIs: visitor.cookie) {
            response.set(former)
        }
        return response
    }

    /// Where people open an account, and then go on to `next`; `nil` where they cannot.
    private func registration(next: String) -> String? {
        configuration.allowsRegistration ? "/register?next=" + PercentEncoding.queryValue(next) : nil
    }

    /// Where to go after signing in: a path of this site, whatever was asked for.
    ///
    /// `//host` and `/\host` would lead to another site.
    static func localTarget(_ asked: String?) -> String {
        guard let asked, asked.utf8.count <= 2_000, asked.utf8.first == UInt8(ascii: "/"),
            !asked.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: "\\") }),
            asked.utf8.dropFirst().first != UInt8(ascii: "/")
        else { return "/settings/tokens" }
        return asked
    }
}
