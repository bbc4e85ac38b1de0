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

    /// The page of a token.
    static func path(of token: AccessToken) -> String { "/settings/tokens/\(token.id)" }

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
}
