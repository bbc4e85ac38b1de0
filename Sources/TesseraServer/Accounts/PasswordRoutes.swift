import TesseraCore
import TesseraHTTP

/// `/settings/password`: the page on which people change their password.
struct PasswordRoutes: Sendable {
    let pages: PageAccess
    let passwords: PasswordCheck
    let start: SessionStart
    let accounts: Accounts
    let sessions: SessionDesk
    let tokens: TokenSummaries
    let tokenRule: AuthorityConfiguration.PasswordChangeTokens

    func addRoutes(to router: inout Router) {
        router.get("/settings/password", handler: pages.page(showPassword))
        router.post("/settings/password", handler: pages.form(changePassword))
    }

    /// `GET /settings/password`
    func showPassword(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let isDone = try request.queryParameters().text("done") == "changed"
        return pages.html(
            try await passwordPage(for: person, notice: isDone ? "Your password is changed." : nil))
    }

    /// `POST /settings/password`: `current_password`, `new_password`, `tokens`, `end_sessions`.
    func changePassword(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        let endsSessions = try form.text("end_sessions") == "yes"
        let choice = PasswordPage.Choice(
            revokesTokens: try form.text("tokens") == "revoke", endsSessions: endsSessions)
        let user = person.user
        func refusal(_ message: String) async throws -> PasswordPage {
            try await passwordPage(for: person, choice, problem: .init(field: .current, message: message))
        }
        let revokesTokens =
            switch tokenRule {
            case .keep: false
            case .revoke: true
            case .ask: choice.revokesTokens
            }
        let new = try form.text("new_password") ?? ""
        let wrong = "This is not your password."
        do {
            let result = try await passwords.prove(
                email: user.email.text, password: try form.text("current_password") ?? "",
                in: person.session, request, at: person.now
            ) { proof -> Response? in
                guard proof.user.id == user.id else {
                    return pages.html(try await refusal(wrong), .unprocessableContent)
                }
                let outcome = try await accounts.setPassword(
                    new, of: user, insteadOf: proof,
                    ending: endsSessions ? .all : .only(person.session.id), revokingTokens: revokesTokens,
                    by: person.authorization, from: request.peer.host, at: person.now)
                guard let outcome else { return nil }
                // The session in which the old password was known is over as well (ASVS 7.2.4, 7.4.1).
                let next = "/settings/password?done=changed"
                let response = try await start.start(outcome.proof, request, next: next, at: person.now)
                return response ?? pages.signInFirst(next: next)
            }
            switch result {
            case .proven(let response): return response
            case .wrong: return pages.html(try await refusal(wrong), .unprocessableContent)
            case .tooEarly(let wait):
                return passwords.tooEarly(
                    try await refusal(WaitPhrase(wait).sentence), wait: wait, request, at: person.now)
            }
        } catch let invalid as InvalidInput {
            return pages.html(
                try await passwordPage(
                    for: person, choice,
                    problem: .init(
                        field: .new, message: invalid.problems.map(\.message).joined(separator: " "))),
                .unprocessableContent)
        }
    }

    private func passwordPage(
        for person: SignedInVisitor, _ choice: PasswordPage.Choice = .init(),
        problem: PasswordPage.Problem? = nil, notice: String? = nil
    ) async throws(StoreError) -> PasswordPage {
        PasswordPage(
            context: person.context(notice: notice), minimumLength: accounts.policy.minimumLength,
            rule: tokenRule,
            tokens: try await tokens.summaries(of: .living, of: person.user, at: person.now),
            others: try await sessions.summaries(for: person).filter { !$0.isThisBrowser }, choice: choice,
            problems: problem.map { [$0] } ?? [])
    }
}
