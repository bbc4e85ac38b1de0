import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraTime

/// `/settings/tokens`: the pages on which people make, see, change and revoke their tokens.
struct TokenRoutes: Sendable {
    let pages: PageAccess
    let own: OwnTokens
    let tokens: TokenDesk
    let store: any TokenStore
    let catalogue: ScopeCatalogue
    let summaries: TokenSummaries
    let retries: Retries
    let issuer: String

    func addRoutes(to router: inout Router) {
        router.get("/settings/tokens", handler: pages.page(showTokens))
        router.get("/settings/tokens/new", handler: pages.sensitivePage(showNewToken))
        router.post(
            "/settings/tokens/new",
            handler: pages.sensitiveForm(keeping: ["name", "scopes", "expires", "expires_on"], makeToken))
        router.get("/settings/tokens/revoke-all", handler: pages.sensitivePage(showRevokeAll))
        router.post("/settings/tokens/revoke-all", handler: pages.sensitiveForm(revokeAllTokens))
        router.get("/settings/tokens/:id", handler: pages.page(showToken))
        router.get("/settings/tokens/:id/rename", handler: pages.page(showRename))
        router.post("/settings/tokens/:id/rename", handler: pages.formOfChange(renameToken))
        router.get("/settings/tokens/:id/expiry", handler: pages.page(showExpiry))
        router.post(
            "/settings/tokens/:id/expiry",
            handler: pages.formOfChange(keeping: ["expires", "expires_on"], changeExpiry))
        router.get("/settings/tokens/:id/rotate", handler: pages.sensitivePage(showRotate))
        router.post("/settings/tokens/:id/rotate", handler: pages.sensitiveForm(rotateToken))
        router.post(
            "/settings/tokens/:id/disable", handler: pages.formOfChange(on: Self.pageOfToken, disableToken))
        router.post(
            "/settings/tokens/:id/enable", handler: pages.formOfChange(on: Self.pageOfToken, enableToken))
        router.get("/settings/tokens/:id/end", handler: pages.page(showEnd))
        router.post("/settings/tokens/:id/end", handler: pages.form(endToken))
        router.get("/settings/tokens/:id/revoke", handler: pages.page(showRevoke))
        router.post("/settings/tokens/:id/revoke", handler: pages.form(revokeToken))
    }

    private static let pageSize = 20

    /// `GET /settings/tokens`: `show` for the tokens of one group.
    func showTokens(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        let (owner, now) = (person.user.id, person.now)
        let cursor = try query.text("before").flatMap { AccessToken.ID($0) }
        let shown = try query.text("show").flatMap { TokenSelection(rawValue: $0) }
        let grouping = summaries.grouping(at: now)
        let counts = try await store.countTokens(of: owner, by: grouping)
        let (limit, found) = (Self.pageSize + 1, shown?.group)
        let matching =
            if let found {
                try await store.tokens(of: owner, in: found, by: grouping, before: cursor, limit: limit)
            } else {
                try await store.tokens(of: owner, before: cursor, limit: limit)
            }
        let notice: String? =
            switch try query.text("done") {
            case "revoked": "The token is revoked. It is refused from now on."
            case "revoked-all": "All your tokens are revoked. They are refused from now on."
            default: nil
            }
        let filter = shown.map { "show=\($0.rawValue)&" } ?? ""
        return pages.html(
            TokensPage(
                context: person.context(notice: notice),
                tokens: matching.prefix(Self.pageSize).map { summaries.summary(of: $0, at: now) },
                shown: shown, shownCount: found.map { counts[$0] },
                concerns: TokenSelection.concerns.map { ($0, counts[$0.group]) }.filter { $0.1 > 0 },
                canRevokeAll: counts[.living] > 0,
                previousPage: cursor == nil
                    ? nil : "/settings/tokens" + (shown.map { "?show=\($0.rawValue)" } ?? ""),
                nextPage: matching.count > Self.pageSize
                    ? "?\(filter)before=\(matching[Self.pageSize - 1].id)" : nil))
    }

    /// `GET /settings/tokens/new`: filled in by `name`, `scopes` (repeated, or several with commas between them) and
    /// `expires`.
    func showNewToken(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        var page = try await newTokenPage(for: person)
        if !query.pairs.isEmpty {
            let name = try query.text("name")
            let expires = try query.text("expires")
            let scopes = Self.split(query.values(of: "scopes"), amongThose: page.scopes.map(\.name))
            page.form.name = name ?? ""
            page.form.scopes = scopes.offered
            let isUnderstood = expires.map { page.form.choose($0, of: page.lifetimes) } ?? true
            // A form that was sent with an old log-in comes back as a link.
            if let date = try query.text("expires_on") { page.form.expiresOn = date }
            if name != nil || expires != nil || query.values(of: "scopes").isEmpty == false {
                page.link = .init(scopesLeftOut: scopes.others, isExpirationLeftOut: !isUnderstood)
            }
        }
        return pages.html(page)
    }

    /// The names in the values of a link, each once; a comma may be part of a name that is offered.
    private static func split(
        _ values: [String], amongThose offered: [String]
    ) -> (offered: [String], others: [String]) {
        var seen: Set<String> = []
        let names =
            values.flatMap { value in
                offered.contains(value)
                    ? [value] : value.split { $0 == "," || $0 == " " }.map(String.init)
            }.filter { seen.insert($0).inserted }
        return (names.filter(offered.contains), names.filter { !offered.contains($0) })
    }

    /// `POST /settings/tokens/new`: `name`, `scopes` (repeated), `expires`, `expires_on`, `time_zone`.
    func makeToken(_ request: Request, _ sent: FormParameters, _ person: SignedInVisitor) async throws
        -> Response
    {
        let expiration = try ExpirationEntry(in: sent)
        let form = NewTokenPage.Form(
            name: try sent.text("name") ?? "", expires: expiration.choice,
            expiresOn: expiration.date, scopes: sent.values(of: "scopes"))
        /// The form once more, with the number it came with.
        func again(
            _ problems: [NewTokenPage.Problem], obstacle: String? = nil, number: String? = nil
        ) async throws -> Response {
            var page = try await newTokenPage(for: person)
            page.form = form
            page.number = number ?? page.number
            page.problems = problems
            page.obstacle = obstacle ?? page.obstacle
            return pages.html(page, .unprocessableContent)
        }
        return try await retries.once(
            request, sent, person.visitor, stale: { try await again([], obstacle: Retries.staleForm) },
            before: { try await createdBefore($0, for: person) }
        ) { number in
            guard let expiry = expiration.expiry(at: person.now) else {
                let problem = NewTokenPage.Problem(
                    field: .expiresOn, message: ExpirationEntry.unusableDate.message)
                return OnceResult(try await again([problem], number: number), outcome: .nothing)
            }
            let order = TokenDesk.Order(name: form.name, scopes: form.scopes, expiresAt: expiry.instant)
            do {
                let issued = try await tokens.issue(
                    order, to: person.user, by: person.authorization, from: request.peer.host,
                    at: person.now)
                return OnceResult(
                    pages.html(createdPage(issued, for: person)), outcome: .made(Self.path(of: issued.token)))
            } catch let reached as TokenLimitReached {
                return OnceResult(
                    try await again([], obstacle: reached.description, number: number), outcome: .nothing)
            } catch let invalid as InvalidInput {
                let problems = invalid.problems.map { problem in
                    NewTokenPage.Problem(
                        field: problem.path == "expires_at"
                            ? (form.expiresOn.isEmpty ? .expires : .expiresOn)
                            : NewTokenPage.Field(rawValue: problem.path) ?? .name,
                        message: problem.message)
                }
                return OnceResult(try await again(problems, number: number), outcome: .nothing)
            }
        }
    }

    /// The page of a token.
    static func path(of token: AccessToken) -> String { "/settings/tokens/\(token.id)" }

    /// The answer to a form that has made a token before; `path` is the page of that token, `nil` while it is not known.
    func createdBefore(_ path: String?, for person: SignedInVisitor) async throws -> Response {
        let id = path.flatMap { AccessToken.ID(String($0.suffix(AccessToken.ID.textLength))) }
        var token: AccessToken?
        if let id { token = try await store.token(id) }
        // It may have been deleted since.
        if token?.owner != person.user.id { token = nil }
        return pages.html(
            CreatedBeforePage(
                context: person.context(), token: token.map { summaries.summary(of: $0, at: person.now) },
                another: token.map(Self.formFilledIn) ?? Self.newTokenPath))
    }

    static let newTokenPath = "/settings/tokens/new"

    /// The page that shows a token this once; `old` is the token in whose place it was made.
    func createdPage(
        _ issued: IssuedToken, for person: SignedInVisitor, insteadOf old: TokenSummary? = nil
    ) -> TokenCreatedPage {
        TokenCreatedPage(
            context: person.context(), token: Secret(utf8: issued.secret.plainText),
            name: issued.token.name.text, scopes: issued.token.scope.tokens.map(\.text),
            expires: issued.token.expiresAt, tryAt: "\(issuer)/api/me", old: old)
    }

    /// `GET /settings/tokens/ID/revoke`
    func showRevoke(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let token = try await own.token(request.parameters["id"], of: person.user)
        return pages.html(
            RevokeTokenPage(context: person.context(), token: summaries.summary(of: token, at: person.now)))
    }

    /// `POST /settings/tokens/ID/revoke`
    func revokeToken(_ request: Request, _ form: FormParameters, _ person: SignedInVisitor) async throws
        -> Response
    {
        let token = try await own.token(request.parameters["id"], of: person.user)
        _ = try await tokens.revoke(
            token, by: person.authorization, from: request.peer.host, at: person.now)
        return .redirect(to: "/settings/tokens?done=revoked")
    }

    /// `GET /settings/tokens/revoke-all`
    func showRevokeAll(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let living = try await summaries.summaries(of: .living, of: person.user, at: person.now)
        return pages.html(RevokeAllTokensPage(context: person.context(), tokens: living))
    }

    /// `POST /settings/tokens/revoke-all`
    func revokeAllTokens(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        _ = try await tokens.revokeAll(
            of: person.user.id, by: person.authorization, from: request.peer.host, at: person.now)
        return .redirect(to: "/settings/tokens?done=revoked-all")
    }

    private func newTokenPage(for person: SignedInVisitor) async throws -> NewTokenPage {
        let policy = tokens.policy
        let lifetimes = Lifetime.offered(upTo: policy.longestLifetime)
        var obstacle: String?
        if let limit = policy.tokensPerUser {
            let counts = try await summaries.counts(of: person.user.id, at: person.now)
            if counts[.living] >= limit { obstacle = TokenLimitReached(limit: limit).description }
        }
        return NewTokenPage(
            context: person.context(),
            scopes: catalogue.definitions(for: person.user).map {
                .init(name: $0.name.text, description: $0.description)
            },
            lifetimes: lifetimes, latestExpiry: policy.latestExpiry(from: person.now),
            form: .init(expires: lifetimes.preselected),
            number: retries.formNumber(for: Self.newTokenPath, person.visitor), obstacle: obstacle)
    }
}

extension NewTokenPage.Form {
    /// Fills in the expiry that a link asks for; `false` when it is neither offered nor a date.
    fileprivate mutating func choose(_ text: String, of offered: [Lifetime]) -> Bool {
        if offered.contains(where: { $0.value == text }) {
            expires = text
        } else if CivilDate(text) != nil {
            expiresOn = text
        } else {
            return false
        }
        return true
    }
}
