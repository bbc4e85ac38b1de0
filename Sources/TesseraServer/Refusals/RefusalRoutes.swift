import TesseraCore
import TesseraHTTP

/// `/refusals/ID`: the page that explains a refusal.
struct RefusalRoutes: Sendable {
    let pages: PageAccess
    let refusals: RefusalLog
    let store: any TokenStore & UserStore & AuditStore
    let retention: Duration

    func addRoutes(to router: inout Router) {
        router.get("/refusals/:id", handler: pages.page(showRefusal))
    }

    /// `GET /refusals/ID`: the reason of a refusal, for its owner and for operators. For other users it does not exist.
    func showRefusal(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        guard let id = Refusal.ID(request.parameters["id"]), let refusal = try await refusals.find(id),
            refusal.isVisible(to: person.user)
        else {
            let retention = DurationText.words(retention)
            return pages.html(RefusalNotFoundPage(context: person.context(), retention: retention), .notFound)
        }
        let report = try await RefusalReport.gather(refusal, from: store)
        let explanation = report.explanation(for: person.user.id)
        return pages.html(
            RefusalPage(
                context: person.context(),
                refusal: RefusalView(
                    id: refusal.id.description, title: explanation.title, sentence: explanation.sentence,
                    advice: explanation.advice, facts: facts(of: report, for: person.user),
                    links: links(of: report, for: person.user))))
    }

    /// The owner's pages of the token and of the one that took its place.
    private func links(of report: RefusalReport, for reader: User) -> [RefusalView.Link] {
        guard let token = report.token, token.owner == reader.id else { return [] }
        let own = RefusalView.Link(label: "See the token", path: "/settings/tokens/\(token.id)")
        guard let newer = token.replacedBy else { return [own] }
        return [.init(label: "See the newer token", path: "/settings/tokens/\(newer)"), own]
    }

    private func facts(of report: RefusalReport, for reader: User) -> [RefusalView.Fact] {
        let refusal = report.refusal
        var facts: [RefusalView.Fact] = [.init(label: "Time", value: .time(refusal.at))]
        func add(_ label: String, _ value: RefusalView.Value?) {
            if let value { facts.append(.init(label: label, value: value)) }
        }
        add("Request", refusal.method.isEmpty ? nil : .code("\(refusal.method) \(refusal.path)"))
        add("Answered with", .text("\(refusal.status)"))
        add("Detail", refusal.detail.map { .text($0) })
        add("From", .code(refusal.address))
        add("Page of", refusal.origin.map { .code($0) })
        add("Token", report.token.map { .text("\($0.name.text) (…\($0.lastFour))") })
        if let owner = report.owner, owner.id != reader.id { add("Owner", .text(owner.email.text)) }
        add(Self.labelOfSince(refusal.cause), refusal.since.map { .time($0) })
        add("Revoked by", report.revokerPhrase(for: reader.id).map { .text($0) })
        add("Scope needed", refusal.needed.map { .scopes($0.tokens.map(\.text)) })
        add("Scope held", refusal.held.map { .scopes($0.tokens.map(\.text)) })
        return facts
    }

    private static func labelOfSince(_ cause: RefusalCause) -> String {
        switch cause {
        case .expired: "Expired"
        case .suspended: "Disabled"
        default: "Revoked"
        }
    }
}
