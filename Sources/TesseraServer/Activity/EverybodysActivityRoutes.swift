import TesseraCore
import TesseraHTTP

/// The page on which operators see what happened.
extension Authority {
    private static let pageSize = 30

    /// `GET /admin/activity`: `user` for what concerns one account.
    func showEverybodysActivity(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        let cursor = try single("before", in: query).flatMap { AuditEvent.ID($0) }
        var user: User?
        if let text = try single("user", in: query) {
            let missing = HTTPError(.notFound, "There is no such user.")
            guard let id = User.ID(text) else { throw missing }
            user = try await store.user(id)
            guard user != nil else { throw missing }
        }
        let events = try await store.events(
            concerning: user?.id, before: cursor, limit: Self.pageSize + 1)
        let shown = events.prefix(Self.pageSize)
        let kept = user.map { "user=\($0.id)" }
        return html(
            EverybodysActivityPage(
                context: person.context(),
                person: user.map { .init(name: $0.email.text, path: "/admin/users/\($0.id)") },
                entries: try await entries(shown, naming: user.map { [$0] } ?? [], linking: user == nil),
                firstPage: cursor == nil ? nil : "/admin/activity" + (kept.map { "?\($0)" } ?? ""),
                nextPage: events.count > shown.count
                    ? shown.last.map { "?" + (kept.map { "\($0)&" } ?? "") + "before=\($0.id)" } : nil))
    }

    /// The events in words for an operator.
    ///
    /// - Parameters:
    ///   - known: Users who need not be looked up.
    ///   - links: Whether each leads to the page of whom it concerns.
    func entries(
        _ events: some Sequence<AuditEvent> & Sendable, naming known: [User], linking links: Bool
    ) async throws(StoreError) -> [ActivityEntry] {
        var names = Dictionary(uniqueKeysWithValues: known.map { ($0.id, $0.email.text as String?) })
        for event in events {
            var people = event.user.map { [$0] } ?? []
            if case .user(let id) = event.actor { people.append(id) }
            for id in people where names[id] == nil {
                names[id] = .some(try await store.user(id)?.email.text)
            }
        }
        return events.map { event in
            var entry = ActivityEntry(
                sentence: ActivitySentence(
                    event, naming: { (names[$0] ?? nil) ?? "somebody who was removed" }
                )
                .text,
                at: event.at, address: event.address)
            if links, let id = event.user, let name = names[id] ?? nil {
                entry.person = .init(name: name, path: "/admin/users/\(id)")
            }
            return entry
        }
    }
}
