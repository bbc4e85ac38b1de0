import TesseraCore
import TesseraHTTP

/// `/settings/security`: the page that shows what guards the account.
struct SecurityRoutes: Sendable {
    let pages: PageAccess
    let events: any AuditStore
    let sessions: SessionDesk
    let tokens: TokenSummaries

    func addRoutes(to router: inout Router) {
        router.get("/settings/security", handler: pages.page(showSecurity))
    }

    /// `GET /settings/security`
    func showSecurity(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let id = person.user.id
        let changed = try await events.lastEvent(.passwordChanged, concerning: id)
        let counts = try await tokens.counts(of: id, at: person.now)
        return pages.html(
            SecurityPage(
                context: person.context(), passwordChanged: changed?.at ?? person.user.createdAt,
                sessions: try await sessions.live(of: id, at: person.now).count,
                tokens: counts[.active],
                recent: try await events.events(concerning: id, limit: 5).map { ActivityEntry($0, for: id) }))
    }
}
