import TesseraCore
import TesseraHTTP
import TesseraTime

/// `/settings/requests`: the page on which people see the requests with their tokens.
struct RequestRoutes: Sendable {
    let pages: PageAccess
    let store: any TokenRequestStore & RefusalStore
    let tokens: any TokenStore
    let requests: TokenRequestLog
    let issuer: String
    let retention: Retention

    func addRoutes(to router: inout Router) {
        router.get("/settings/requests", handler: pages.page(showRequests))
    }

    private static let pageSize = 30
    /// The largest number of tokens to choose from.
    private static let choiceSize = 100

    /// `GET /settings/requests?token=ID`
    func showRequests(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        let cursor = try query.text("before").flatMap { TokenRequest.ID($0) }
        let chosen = try query.text("token").flatMap { AccessToken.ID($0) }
        // With the owner beside the token: the token of another person has no requests here.
        let filter = TokenRequestFilter(token: chosen, owner: person.user.id, before: cursor)
        let found = try await TokenRequest.recent(filter, limit: Self.pageSize + 1, from: store)
        let shown = found.prefix(Self.pageSize)
        let own = try await tokens.tokens(of: person.user.id, before: nil, limit: Self.choiceSize)
        var names = Dictionary(uniqueKeysWithValues: own.map { ($0.id, $0.name.text) })
        for id in Set(shown.map(\.token)) where names[id] == nil {
            names[id] = try await tokens.token(id)?.name.text
        }
        let choice = chosen.map { "token=\($0)" }
        return pages.html(
            RecentRequestsPage(
                context: person.context(), requests: shown.map { summary($0, names) },
                tokens: own.map { ($0.id.description, $0.name.text) }, chosen: chosen?.description,
                caveat: requestCaveat, isSample: isSample(at: person.now),
                tryAt: "\(issuer)/api/me",
                paging: Paging(
                    of: "/settings/requests", keeping: choice, isFirst: cursor == nil,
                    next: found.count > shown.count ? shown.last.map { "before=\($0.id)" } : nil)))
    }

    private func summary(_ request: TokenRequest, _ names: [AccessToken.ID: String]) -> RequestSummary {
        RequestSummary(
            at: request.at, method: request.method, path: request.path, status: request.status,
            outcome: request.cause != nil ? .refused : request.status < 400 ? .done : .failed,
            address: request.address, token: names[request.token],
            explanation: request.refusal.map { "/refusals/\($0)" })
    }

    private var requestCaveat: String {
        guard requests.perSecond > 0 else {
            return "Requests that succeed are not kept here; refused ones are."
        }
        let time = DurationText.words(retention.requests)
        return
            "Kept for \(time); refused ones for \(DurationText.words(retention.refusals)). "
            + "At most \(requests.perSecond) requests each second are kept, of all accounts together."
    }

    private func isSample(at now: NumericDate) -> Bool {
        requests.lastUsedUp.map { $0 > now - retention.requests } ?? false
    }
}
