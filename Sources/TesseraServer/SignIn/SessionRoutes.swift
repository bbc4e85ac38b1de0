import TesseraCore
import TesseraHTTP

/// `/settings/sessions`: the pages on which people see where they are signed in, and end sessions.
struct SessionRoutes: Sendable {
    let pages: PageAccess
    let sessions: SessionDesk

    func addRoutes(to router: inout Router) {
        router.get("/settings/sessions", handler: pages.page(showSessions))
        router.get("/settings/sessions/others", handler: pages.sensitivePage(showEndSessions))
        router.post("/settings/sessions/others", handler: pages.sensitiveForm(endOtherSessions))
        router.post("/settings/sessions/:id/end", handler: pages.form(endSession))
    }

    /// `GET /settings/sessions`
    func showSessions(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let notice: String? =
            switch try request.queryParameters().text("done") {
            case "ended": "The session has ended."
            case "others": "You are signed out everywhere else."
            default: nil
            }
        return pages.html(
            SessionsPage(
                context: person.context(notice: notice), sessions: try await sessions.summaries(for: person)))
    }

    /// `POST /settings/sessions/ID/end`
    func endSession(_ request: Request, _ form: FormParameters, _ person: SignedInVisitor) async throws
        -> Response
    {
        let missing = HTTPError(.notFound, "There is no such session, or it has ended already.")
        guard let id = Session.ID(request.parameters["id"]) else { throw missing }
        let live = try await sessions.live(of: person.user.id, at: person.now)
        guard let session = live.first(where: { $0.id == id }) else { throw missing }
        try await sessions.end(
            session, device: DeviceName(userAgent: session.userAgent).text, by: person.authorization,
            from: request.peer.host, at: person.now)
        return .redirect(to: "/settings/sessions?done=ended")
    }

    /// `GET /settings/sessions/others`
    func showEndSessions(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let others = try await sessions.summaries(for: person).filter { !$0.isThisBrowser }
        return pages.html(EndSessionsPage(context: person.context(), others: others))
    }

    /// `POST /settings/sessions/others`
    func endOtherSessions(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        _ = try await sessions.endAll(
            of: person.user.id, except: person.session.id, by: person.authorization,
            from: request.peer.host, at: person.now)
        return .redirect(to: "/settings/sessions?done=others")
    }
}
