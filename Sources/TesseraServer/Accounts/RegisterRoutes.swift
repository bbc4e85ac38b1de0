import TesseraCore
import TesseraHTTP
import TesseraText

/// The page on which people open an account, where the operator lets them.
extension Authority {
    /// `GET /register`
    func showRegister(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let next = Self.localTarget(try single("next", in: try request.queryParameters()))
        guard visitor.user == nil else { return redirect(to: next) }
        return html(registerPage(for: visitor, .init(), next: next))
    }

    /// `POST /register`: `email`, `username`, `password`, `next`.
    func register(_ request: Request) async throws -> Response {
        let visitor = try await self.visitor(of: request)
        let sent = try await request.form(upTo: configuration.bodyLimit)
        let next = Self.localTarget(try single("next", in: sent))
        // An account was opened in this browser meanwhile: nothing is done, so that nothing has to be proved.
        guard visitor.user == nil else { return redirect(to: next) }
        try requireOwnPage(request, cookie: visitor.cookie, token: try single("csrf", in: sent))
        let form = RegisterPage.Form(
            email: try single("email", in: sent) ?? "", username: try single("username", in: sent) ?? "")
        let password = try single("password", in: sent) ?? ""
        do {
            try await admitRegistration(
                email: form.email, username: form.username, password: password, for: request)
            var opened: SignInProof?
            let answer = try await once(
                request, sent, visitor,
                stale: {
                    html(
                        registerPage(for: visitor, form, next: next, obstacle: Self.staleForm),
                        .unprocessableContent)
                },
                before: { _ in html(RegisteredBeforePage(context: visitor.context(), next: next)) }
            ) { _ in
                opened = try await accounts.add(
                    email: form.email, username: form.username, password: password, by: nil,
                    from: request.peer.host, at: visitor.now)
                return OnceResult(redirect(to: next), outcome: .made("/"))
            }
            guard let opened else { return answer }
            let response = try await startSession(opened, request, next: next, at: visitor.now)
            return response ?? signInFirst(next: next)
        } catch let attempts as TooManyAttempts {
            return tooEarly(
                registerPage(for: visitor, form, next: next, obstacle: attempts.sentence),
                wait: attempts.wait, request, at: visitor.now)
        } catch let invalid as InvalidInput {
            return html(
                registerPage(for: visitor, form, next: next, problems: invalid.problems),
                .unprocessableContent)
        }
    }

    private func registerPage(
        for visitor: Visitor, _ form: RegisterPage.Form, next: String,
        problems: [InvalidInput.Problem] = [], obstacle: String? = nil
    ) -> RegisterPage {
        RegisterPage(
            context: visitor.context(), minimumLength: accounts.policy.minimumLength,
            form: .init(
                email: TextLimit.typedAddress.cut(form.email),
                username: TextLimit.typedName.cut(form.username)),
            number: formNumber(for: "/register", visitor), next: next,
            problems: problems.map { .init(field: .init(rawValue: $0.path) ?? .email, message: $0.message) },
            obstacle: obstacle)
    }
}
