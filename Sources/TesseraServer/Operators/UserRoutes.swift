import TesseraCore
import TesseraHTTP
import TesseraText

/// `/admin/users`: the pages on which operators see accounts, disable them, and end their sessions and tokens.
struct UserRoutes: Sendable {
    let pages: PageAccess
    let users: any UserStore
    let events: any AuditStore
    let accounts: Accounts
    let sessions: SessionDesk
    let tokens: TokenDesk
    let summaries: TokenSummaries

    func addRoutes(to router: inout Router) {
        router.get("/admin", handler: pages.operatorPage { _, _ in .redirect(to: "/admin/users") })
        router.get("/admin/users", handler: pages.operatorPage(showUsers))
        router.get("/admin/users/:id", handler: pages.operatorPage(showUser))
        router.get("/admin/users/:id/tokens", handler: pages.operatorPage(showTokensOfUser))
        for action in UserAction.allCases {
            let path = "/admin/users/:id/\(action.rawValue)"
            router.get(path, handler: pages.sensitiveOperatorPage(showAction(action)))
            router.post(path, handler: pages.operatorForm(perform(action)))
        }
    }

    private static let pageSize = 20

    /// `GET /admin/users`: `q` for those whose address or name contains it.
    func showUsers(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        let typed = TextLimit.typedAddress.cut(try query.text("q") ?? "")
        // Names and addresses are kept in this form.
        let search = Normalization.composed(typed) ?? typed
        let cursor = try query.text("after").flatMap { User.ID($0) }
        let found = try await users.users(matching: search, after: cursor, limit: Self.pageSize + 1)
        let shown = found.prefix(Self.pageSize)
        let kept = search.isEmpty ? nil : "q=\(FormEncoding.encode(search))"
        return pages.html(
            UsersPage(
                context: person.context(), search: search, users: shown.map { $0.summary(for: person) },
                paging: Paging(
                    of: "/admin/users", keeping: kept, isFirst: cursor == nil,
                    next: found.count > shown.count ? shown.last.map { "after=\($0.id)" } : nil)))
    }

    /// `GET /admin/users/ID`
    func showUser(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let user = try await user(request.parameters["id"])
        let done = try request.queryParameters().text("done").flatMap { UserAction(rawValue: $0) }
        let notice: String? =
            switch done {
            case .disable: "The account is disabled."
            case .enable: "The account is enabled."
            case .endSessions: "All their sessions have ended."
            case .revokeTokens: "All their tokens are revoked."
            case nil: nil
            }
        let counts = try await summaries.counts(of: user.id, at: person.now)
        let events = try await events.events(concerning: user.id, limit: 10)
        return pages.html(
            UserPage(
                context: person.context(notice: notice), user: user.summary(for: person),
                sessions: try await sessions.summaries(of: user, for: person), usableTokens: counts[.active],
                livingTokens: counts[.living], lastUsed: counts.lastUse,
                recent: try await users.activityEntries(events, naming: [user], linking: false)))
    }

    /// `GET /admin/users/ID/tokens`: those of their tokens that can be used.
    func showTokensOfUser(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let user = try await user(request.parameters["id"])
        let cursor = try request.queryParameters().text("before").flatMap { AccessToken.ID($0) }
        let counts = try await summaries.counts(of: user.id, at: person.now)
        let tokens = try await summaries.summaries(
            of: .active, of: user, before: cursor, limit: Self.pageSize + 1, at: person.now)
        let shown = tokens.prefix(Self.pageSize)
        return pages.html(
            UserTokensPage(
                context: person.context(), user: user.summary(for: person), count: counts[.active],
                tokens: Array(shown),
                paging: Paging(
                    of: "/admin/users/\(user.id)/tokens", isFirst: cursor == nil,
                    next: tokens.count > shown.count ? shown.last.map { "before=\($0.id)" } : nil)))
    }

    /// The user of a path. Only operators come here.
    func user(_ text: String) async throws -> User {
        let missing = HTTPError(.notFound, "There is no such user.")
        guard let id = User.ID(text) else { throw missing }
        guard let user = try await users.user(id) else { throw missing }
        return user
    }
}

extension User {
    /// The account as operators see it.
    func summary(for reader: SignedInVisitor) -> UserSummary {
        UserSummary(
            id: id.description, email: email.text, username: username, isOperator: isOperator,
            created: createdAt, disabled: disabledAt, isReader: id == reader.user.id)
    }
}
