import TesseraCore
import TesseraHTTP
import TesseraText

/// The pages on which operators see accounts and end what they do.
extension Authority {
    private static let userPageSize = 20

    /// `GET /admin/users`: `q` for those whose address or name contains it.
    func showUsers(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        let typed = TextLimit.typedAddress.cut(try single("q", in: query) ?? "")
        // Names and addresses are kept in this form.
        let search = Normalization.composed(typed) ?? typed
        let cursor = try single("after", in: query).flatMap { User.ID($0) }
        let users = try await store.users(matching: search, after: cursor, limit: Self.userPageSize + 1)
        let shown = users.prefix(Self.userPageSize)
        let kept = search.isEmpty ? "" : "q=\(FormEncoding.encode(search))"
        return html(
            UsersPage(
                context: person.context(), search: search, users: shown.map { $0.summary(for: person) },
                firstPage: cursor == nil ? nil : "/admin/users" + (kept.isEmpty ? "" : "?\(kept)"),
                nextPage: users.count > shown.count
                    ? shown.last.map { "?" + (kept.isEmpty ? "" : "\(kept)&") + "after=\($0.id)" } : nil))
    }

    /// `GET /admin/users/ID`
    func showUser(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let user = try await user(request.parameters["id"])
        let done = try single("done", in: try request.queryParameters()).flatMap { UserAction(rawValue: $0) }
        let notice: String? =
            switch done {
            case .disable: "The account is disabled."
            case .enable: "The account is enabled."
            case .endSessions: "All their sessions have ended."
            case .revokeTokens: "All their tokens are revoked."
            case nil: nil
            }
        let counts = try await store.countTokens(of: user.id, by: grouping(at: person.now))
        let events = try await store.events(concerning: user.id, limit: 10)
        return html(
            UserPage(
                context: person.context(notice: notice), user: user.summary(for: person),
                sessions: try await summaries(of: user, for: person), usableTokens: counts[.active],
                livingTokens: counts[.living], lastUsed: counts.lastUse,
                recent: try await entries(events, naming: [user], linking: false)))
    }

    /// `GET /admin/users/ID/tokens`: those of their tokens that can be used.
    func showTokensOfUser(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let user = try await user(request.parameters["id"])
        let grouping = grouping(at: person.now)
        let cursor = try single("before", in: try request.queryParameters()).flatMap { AccessToken.ID($0) }
        let counts = try await store.countTokens(of: user.id, by: grouping)
        let tokens = try await store.tokens(
            of: user.id, in: .active, by: grouping, before: cursor, limit: Self.userPageSize + 1)
        let shown = tokens.prefix(Self.userPageSize)
        return html(
            UserTokensPage(
                context: person.context(), user: user.summary(for: person), count: counts[.active],
                tokens: shown.map { summary(of: $0, at: person.now) }, isFirstPage: cursor == nil,
                nextPage: tokens.count > shown.count ? shown.last.map { "?before=\($0.id)" } : nil))
    }

    /// `GET /admin/users/ID/ACTION`
    func showAction(_ action: UserAction) -> PageHandler {
        { [self] request, person in
            let user = try await somebodyElse(request.parameters["id"], than: person)
            return html(
                UserActionPage(
                    context: person.context(), action: action, user: user.summary(for: person),
                    sessions: try await summaries(of: user, for: person),
                    tokens: try await summaries(of: action.tokens, of: user, at: person.now)))
        }
    }

    /// `POST /admin/users/ID/ACTION`
    func perform(_ action: UserAction) -> FormHandler {
        { [self] request, _, person in
            let user = try await somebodyElse(request.parameters["id"], than: person)
            let (authorization, place) = (person.authorization, request.peer.host)
            switch action {
            case .disable, .enable:
                _ = try await accounts.setDisabled(
                    action == .disable, user: user.id, by: authorization, from: place, at: person.now)
            case .endSessions:
                _ = try await sessions.endAll(
                    of: user.id, except: nil, by: authorization, from: place, at: person.now)
            case .revokeTokens:
                _ = try await tokens.revokeAll(of: user.id, by: authorization, from: place, at: person.now)
            }
            return redirect(to: "/admin/users/\(user.id)?done=\(action.rawValue)")
        }
    }

    /// The user of a path. Nobody else than operators comes here.
    private func user(_ text: String) async throws -> User {
        let missing = HTTPError(.notFound, "There is no such user.")
        guard let id = User.ID(text) else { throw missing }
        guard let user = try await store.user(id) else { throw missing }
        return user
    }

    /// An operator ends what others do; their own sessions and tokens they end in their settings. So that nobody shuts
    /// out the last operator, they cannot disable themselves.
    private func somebodyElse(_ text: String, than person: SignedInVisitor) async throws -> User {
        let user = try await user(text)
        guard user.id != person.user.id else {
            throw HTTPError(.conflict, "This is your own account. Another operator can do this to it.")
        }
        return user
    }

    private func summaries(
        of user: User, for person: SignedInVisitor
    ) async throws(StoreError) -> [SessionSummary] {
        try await sessions.live(of: user.id, at: person.now).map { $0.summary(for: person) }
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

extension UserAction {
    /// The tokens for which something changes: a revocation also ends disabled ones, the rest concerns those that can be used.
    fileprivate var tokens: TokenGroup { self == .revokeTokens ? .living : .active }
}
