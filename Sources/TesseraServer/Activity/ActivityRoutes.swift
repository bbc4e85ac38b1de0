import TesseraCore
import TesseraHTTP

/// `/settings/activity`: the page on which people see what was done with their account.
struct ActivityRoutes: Sendable {
    let pages: PageAccess
    let store: any AuditStore

    func addRoutes(to router: inout Router) {
        router.get("/settings/activity", handler: pages.page(showActivity))
    }

    private static let pageSize = 30

    /// `GET /settings/activity`
    func showActivity(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let cursor = try request.queryParameters().text("before").flatMap { AuditEvent.ID($0) }
        let events = try await store.events(
            concerning: person.user.id, before: cursor, limit: Self.pageSize + 1)
        let shown = events.prefix(Self.pageSize)
        return pages.html(
            ActivityPage(
                context: person.context(), entries: shown.map { ActivityEntry($0, for: person.user.id) },
                paging: Paging(
                    of: "/settings/activity", isFirst: cursor == nil,
                    next: events.count > shown.count ? shown.last.map { "before=\($0.id)" } : nil)))
    }
}
