import TesseraCore
import TesseraHTTP
import TesseraTime

/// The page on which people see what their tokens are used for.
extension Authority {
    private static let requestPageSize = 30
    /// How many tokens can be chosen from.
    private static let choiceSize = 100

    /// `GET /settings/requests?token=ID`
    func showRequests(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        let cursor = try single("before", in: query).flatMap { TokenRequest.ID($0) }
        let chosen = try single("token", in: query).flatMap { AccessToken.ID($0) }
        // With the owner beside the token: somebody else's token has no requests here.
        let filter = TokenRequestFilter(token: chosen, owner: person.user.id, before: cursor)
        let found = try await TokenRequest.recent(filter, limit: Self.requestPageSize + 1, from: store)
        let shown = found.prefix(Self.requestPageSize)
        let own = try await store.tokens(of: person.user.id, before: nil, limit: Self.choiceSize)
        var names = Dictionary(uniqueKeysWithValues: own.map { ($0.id, $0.name.text) })
        for id in Set(shown.map(\.token)) where names[id] == nil {
            names[id] = try await store.token(id)?.name.text
        }
        let choice = chosen.map { "token=\($0)" }
        return html(
            RecentRequestsPage(
                context: person.context(), requests: shown.map { summary($0, names) },
                tokens: own.map { ($0.id.description, $0.name.text) }, chosen: chosen?.description,
                caveat: requestCaveat, isSample: isSample(at: person.now),
                tryAt: "\(configuration.issuer)/api/me",
                firstPage: cursor == nil ? nil : "/settings/requests" + (choice.map { "?\($0)" } ?? ""),
                nextPage: found.count > shown.count
                    ? shown.last.map { "?" + (choice.map { "\($0)&" } ?? "") + "before=\($0.id)" } : nil))
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
        let time = DurationText.words(configuration.retention.requests)
        return
            "Kept for \(time); refused ones for \(DurationText.words(configuration.retention.refusals)). "
            + "At most \(requests.perSecond) requests each second are kept, of everybody together."
    }

    private func isSample(at now: NumericDate) -> Bool {
        requests.lastUsedUp.map { $0 > now - configuration.retention.requests } ?? false
    }
}
