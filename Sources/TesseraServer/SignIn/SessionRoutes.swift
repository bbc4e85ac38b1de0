import TesseraCore
import TesseraHTTP

/// The pages on which people see where they are signed in.
extension Authority {
    /// `GET /settings/sessions`
    func showSessions(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let notice: String? =
            switch try single("done", in: try request.queryParameters()) {
            case "ended": "The session has ended."
            case "others": "You are signed out everywhere else."
            default: nil
            }
        return html(
            SessionsPage(context: person.context(notice: notice), sessions: try await summaries(for: person)))
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
        return redirect(to: "/settings/sessions?done=ended")
    }

    /// `GET /settings/sessions/others`
    func showEndSessions(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let others = try await summaries(for: person).filter { !$0.isThisBrowser }
        return html(EndSessionsPage(context: person.context(), others: others))
    }

    /// `POST /settings/sessions/others`
    func endOtherSessions(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        _ = try await sessions.endAll(
            of: person.user.id, except: person.session.id, by: person.authorization,
            from: request.peer.host, at: person.now)
        return redirect(to: "/settings/sessions?done=others")
    }

    /// The person's live sessions: that of this browser first, then the newest.
    func summaries(for person: SignedInVisitor) async throws(StoreError) -> [SessionSummary] {
        let live = try await sessions.live(of: person.user.id, at: person.now).map { $0.summary(for: person) }
        return live.filter(\.isThisBrowser) + live.filter { !$0.isThisBrowser }
    }
}

extension Session {
    /// The session as pages show it.
    func summary(for reader: SignedInVisitor) -> SessionSummary {
        SessionSummary(
            id: id.description, device: DeviceName(userAgent: userAgent).text, address: address,
            started: startedAt, lastSeen: lastSeenAt, isThisBrowser: id == reader.session.id)
    }
}
