import TesseraCore
import TesseraHTTP
import TesseraTime

/// `/admin/refusals`: the page on which operators see the refused requests.
struct RefusalListRoutes: Sendable {
    let pages: PageAccess
    let store: any RefusalStore
    let users: any UserStore
    let retention: Duration

    func addRoutes(to router: inout Router) {
        router.get("/admin/refusals", handler: pages.operatorPage(showRefusals))
    }

    private static let pageSize = 30

    /// `GET /admin/refusals?cause=CAUSE`
    func showRefusals(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        let chosen = try query.text("cause").flatMap { RefusalCause(rawValue: $0) }
        let cursor = try query.text("before").flatMap { Refusal.ID($0) }
        let filter = RefusalFilter(cause: chosen, before: cursor)
        let found = try await store.refusals(filter, limit: Self.pageSize + 1)
        let shown = found.prefix(Self.pageSize)
        var owners: [User.ID: String] = [:]
        for owner in Set(shown.compactMap(\.owner)) {
            owners[owner] = try await users.user(owner)?.email.text
        }
        let choice = chosen.map { "cause=\($0.rawValue)" }
        return pages.html(
            RefusalsPage(
                context: person.context(), refusals: shown.map { summary($0, owners) },
                causes: RefusalCause.allCases.map(\.rawValue), chosen: chosen?.rawValue,
                retention: DurationText.words(retention),
                paging: Paging(
                    of: "/admin/refusals", keeping: choice, isFirst: cursor == nil,
                    next: found.count > shown.count ? shown.last.map { "before=\($0.id)" } : nil)))
    }

    private func summary(_ refusal: Refusal, _ owners: [User.ID: String]) -> RefusalSummary {
        RefusalSummary(
            path: "/refusals/\(refusal.id)", at: refusal.at, cause: refusal.cause.rawValue,
            status: refusal.status,
            request: refusal.method.isEmpty ? nil : "\(refusal.method) \(refusal.path)",
            address: refusal.address, owner: refusal.owner.flatMap { owners[$0] })
    }
}
