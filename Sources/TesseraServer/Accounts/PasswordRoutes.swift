import TesseraCore
import TesseraHTTP

/// The page on which people change their password.
extension Authority {
    /// `GET /settings/password`
    func showPassword(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let isDone = try single("done", in: try request.queryParameters()) == "changed"
        return html(
            try await passwordPage(for: person, notice: isDone ? "Your password is changed." : nil))
    }

    /// `POST /settings/password`: `current_password`, `new_password`, `tokens`, `end_sessions`.
    func changePassword(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        let endsSessions = try single("end_sessions", in: form) == "yes"
        let choice = PasswordPage.Choice(
            revokesTokens: try single("tokens", in: form) == "revoke", endsSessions: endsSessions)
        let user = person.user
        func refusal(_ message: String) async throws -> PasswordPage {
            try await passwordPage(for: person, choice, problem: .init(field: .current, message: message))
        }
        let revokesTokens =
            switch configuration.passwordChangeTokens {
            case .keep: false
            case .revoke: true
            case .ask: choice.revokesTokens
            }
        let new = try single("new_password", in: form) ?? ""
        let wrong = "This is not your password."
        do {
            let result = try await prove(
                email: user.email.text, password: try single("current_password", in: form) ?? "",
                in: person.session, request, at: person.now
            ) { proof -> Response? in
                guard proof.user.id == user.id else {
                    return html(try await refusal(wrong), .unprocessableContent)
                }
                let outcome = try await accounts.setPassword(
                    new, of: user, insteadOf: proof,
                    ending: endsSessions ? .all : .only(person.session.id), revokingTokens: revokesTokens,
                    by: person.authorization, from: request.peer.host, at: person.now)
                guard let outcome else { return nil }
                // The session in which the old password was known is over as well (N200, N201).
                let next = "/settings/password?done=changed"
                let response = try await startSession(outcome.proof, request, next: next, at: person.now)
                return response ?? signInFirst(next: next)
            }
            switch result {
            case .proven(let response): return response
            case .wrong: return html(try await refusal(wrong), .unprocessableContent)
            case .tooEarly(let wait):
                return tooEarly(
                    try await refusal(WaitPhrase(wait).sentence), wait: wait, request, at: person.now)
            }
        } catch let invalid as InvalidInput {
            return html(
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
        let rule: PasswordPage.TokenRule =
            switch configuration.passwordChangeTokens {
            case .ask: .ask
            case .keep: .keep
            case .revoke: .revoke
            }
        return PasswordPage(
            context: person.context(notice: notice), minimumLength: accounts.policy.minimumLength, rule: rule,
            tokens: try await summaries(of: .living, of: person.user, at: person.now),
            others: try await summaries(for: person).filter { !$0.isThisBrowser }, choice: choice,
            problems: problem.map { [$0] } ?? [])
    }
}
