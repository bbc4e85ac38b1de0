import TesseraCore
import TesseraHTTP
import TesseraText

/// `/register`: the page on which people open an account, where the operator permits that.
struct RegisterRoutes: Sendable {
    let pages: PageAccess
    let registration: Registration
    let accounts: Accounts
    let passwords: PasswordCheck
    let start: SessionStart
    let retries: Retries
    let bodyLimit: Int

    func addRoutes(to router: inout Router) {
        router.get("/register", handler: pages.visit(showRegister))
        router.post("/register", handler: register)
    }

    /// `GET /register`
    func showRegister(_ request: Request, _ visitor: Visitor) async throws -> Response {
        let next = PageAccess.localTarget(try request.queryParameters().text("next"))
        guard visitor.user == nil else { return .redirect(to: next) }
        return pages.html(registerPage(for: visitor, .init(), next: next))
    }

    /// `POST /register`: `email`, `username`, `password`, `next`.
    func register(_ request: Request) async throws -> Response {
        let visitor = try await pages.visitor(of: request)
        let sent = try await request.form(upTo: bodyLimit)
        let next = PageAccess.localTarget(try sent.text("next"))
        // An account was opened in this browser meanwhile: nothing is done, so that nothing has to be proved.
        guard visitor.user == nil else { return .redirect(to: next) }
        try pages.authenticator.requireOwnPage(request, cookie: visitor.cookie, token: try sent.text("csrf"))
        let form = RegisterPage.Form(
            email: try sent.text("email") ?? "", username: try sent.text("username") ?? "")
        let password = try sent.text("password") ?? ""
        do {
            try await registration.admit(
                email: form.email, username: form.username, password: password, for: request)
            var opened: SignInProof?
            let answer = try await retries.once(
                request, sent, visitor,
                stale: {
                    pages.html(
                        registerPage(for: visitor, form, next: next, obstacle: Retries.staleForm),
                        .unprocessableContent)
                },
                before: { _ in pages.html(RegisteredBeforePage(context: visitor.context(), next: next)) }
            ) { _ in
                opened = try await accounts.add(
                    email: form.email, username: form.username, password: password, by: nil,
                    from: request.peer.host, at: visitor.now)
                return OnceResult(Response.redirect(to: next), outcome: .made("/"))
            }
            guard let opened else { return answer }
            let response = try await start.start(opened, request, next: next, at: visitor.now)
            return response ?? pages.signInFirst(next: next)
        } catch let attempts as TooManyAttempts {
            return passwords.tooEarly(
                registerPage(for: visitor, form, next: next, obstacle: attempts.sentence),
                wait: attempts.wait, request, at: visitor.now)
        } catch let invalid as InvalidInput {
            return pages.html(
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
            number: retries.formNumber(for: "/register", visitor), next: next,
            problems: problems.map { .init(field: .init(rawValue: $0.path) ?? .email, message: $0.message) },
            obstacle: obstacle)
    }
}
