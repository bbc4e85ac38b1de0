import TesseraCore
import TesseraHTTP

/// `/admin/activity`: the page on which operators see what was done with all accounts.
struct EverybodysActivityRoutes: Sendable {
    let pages: PageAccess
    let store: any AuditStore
    let users: any UserStore

    func addRoutes(to router: inout Router) {
        router.get("/admin/activity", handler: pages.operatorPage(showEverybodysActivity))
    }

    private static let pageSize = 30

    /// `GET /admin/activity`: `user` for what concerns one account.
    func showEverybodysActivity(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        let cursor = try query.text("before").flatMap { AuditEvent.ID($0) }
        var user: User?
        if let text = try query.text("user") {
            let missing = HTTPError(.notFound, "There is no such user.")
            guard let id = User.ID(text) else { throw missing }
            user = try await users.user(id)
            guard user != nil else { throw missing }
        }
        let events = try await store.events(
            concerning: user?.id, before: cursor, limit: Self.pageSize + 1)
        let shown = events.prefix(Self.pageSize)
        let kept = user.map { "user=\($0.id)" }
        return pages.html(
            EverybodysActivityPage(
                context: person.context(),
                person: user.map { .init(name: $0.email.text, path: "/admin/users/\($0.id)") },
                entries: try await users.activityEntries(
                    shown, naming: user.map { [$0] } ?? [], linking: user == nil),
                paging: Paging(
                    of: "/admin/activity", keeping: kept, isFirst: cursor == nil,
                    next: events.count > shown.count ? shown.last.map { "before=\($0.id)" } : nil)))
    }
}
