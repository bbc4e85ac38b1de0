import TesseraCore
import TesseraHTTP

/// The pages on which people see what was done with their account.
extension Authority {
    private static let activityPageSize = 30

    /// `GET /settings/activity`
    func showActivity(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let cursor = try single("before", in: try request.queryParameters()).flatMap { AuditEvent.ID($0) }
        let events = try await store.events(
            concerning: person.user.id, before: cursor, limit: Self.activityPageSize + 1)
        let shown = events.prefix(Self.activityPageSize)
        return html(
            ActivityPage(
                context: person.context(), entries: shown.map { entry($0, for: person) },
                firstPage: cursor == nil ? nil : "/settings/activity",
                nextPage: events.count > shown.count ? shown.last.map { "?before=\($0.id)" } : nil))
    }

    /// `GET /settings/security`
    func showSecurity(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let id = person.user.id
        let changed = try await store.lastEvent(.passwordChanged, concerning: id)
        let counts = try await store.countTokens(of: id, by: grouping(at: person.now))
        return html(
            SecurityPage(
                context: person.context(), passwordChanged: changed?.at ?? person.user.createdAt,
                sessions: try await sessions.live(of: id, at: person.now).count,
                tokens: counts[.active],
                recent: try await store.events(concerning: id, limit: 5).map { entry($0, for: person) }))
    }

    private func entry(_ event: AuditEvent, for person: SignedInVisitor) -> ActivityEntry {
        ActivityEntry(
            sentence: ActivitySentence(event, for: person.user.id).text, at: event.at, address: event.address)
    }
}
