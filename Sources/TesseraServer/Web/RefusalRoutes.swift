import TesseraCore
import TesseraHTTP

extension Authority {
    /// `GET /refusals/ID`: why a request was refused, for its owner and for operators. For anybody else it does not exist.
    func showRefusal(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        guard let id = Refusal.ID(request.parameters["id"]), let refusal = try await refusals.find(id),
            refusal.isVisible(to: person.user)
        else {
            return html(RefusalNotFoundPage(context: person.context()), .notFound)
        }
        let token = if let id = refusal.token { try await store.token(id) } else { AccessToken?.none }
        let explanation = refusal.explanation
        return html(
            RefusalPage(
                context: person.context(),
                refusal: RefusalView(
                    id: refusal.id.description, title: explanation.title, sentence: explanation.sentence,
                    advice: explanation.advice, facts: facts(of: refusal, about: token))))
    }

    private func facts(of refusal: Refusal, about token: AccessToken?) -> [RefusalView.Fact] {
        var facts: [RefusalView.Fact] = [
            .init(label: "Time", value: .time(refusal.at)),
            .init(label: "Request", value: .code("\(refusal.method) \(refusal.path)")),
            .init(label: "Answered with", value: .text("\(refusal.status)")),
            .init(label: "From", value: .code(refusal.address)),
        ]
        if let token {
            facts.append(.init(label: "Token", value: .text("\(token.name.text) (…\(token.lastFour))")))
        }
        if let since = refusal.since {
            facts.append(.init(label: refusal.cause == .expired ? "Expired" : "Revoked", value: .time(since)))
        }
        if let needed = refusal.needed {
            facts.append(.init(label: "Scope needed", value: .scopes(needed.tokens.map(\.text))))
        }
        if let held = refusal.held {
            facts.append(.init(label: "Scope held", value: .scopes(held.tokens.map(\.text))))
        }
        return facts
    }
}
