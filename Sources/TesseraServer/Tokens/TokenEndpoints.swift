import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI
import TesseraTime

/// `/api/tokens`: a person's own tokens, for a session or a token with a scope for it.
///
/// An object, so that a request counts one reference and not those of all its parts.
final class TokenEndpoints: Sendable {
    let own: OwnTokens
    let desk: TokenDesk
    let clock: WallClock
    let bodyLimit: Int
    private let store: any TokenStore
    private let authenticator: Authenticator
    private let retries: Retries

    init(
        own: OwnTokens, desk: TokenDesk, store: any TokenStore, authenticator: Authenticator, retries: Retries
    ) {
        self.own = own
        self.desk = desk
        self.store = store
        self.authenticator = authenticator
        self.retries = retries
        clock = authenticator.clock
        bodyLimit = authenticator.configuration.bodyLimit
    }

    func addRoutes(to router: inout Router) {
        router.get("/api/tokens", authenticator.protect(.tokensRead, listTokens), .listTokens)
        router.post(
            "/api/tokens",
            authenticator.protectSensitive(
                .tokensWrite, retries.creating(hiding: ["token"], createToken)), .createToken)
        router.patch("/api/tokens/:id", authenticator.protectChange(.tokensWrite, changeToken), .changeToken)
        router.delete("/api/tokens/:id", authenticator.protect(.tokensWrite, deleteToken), .deleteToken)
        router.post(
            "/api/tokens/:id/rotate",
            authenticator.protectSensitive(
                .tokensWrite, retries.creating(hiding: ["token"], rotateToken)), .rotateToken)
    }

    /// `GET /api/tokens`: newest first, 50 a page; `?before=ID` for the next page.
    func listTokens(_ request: Request, _ caller: Caller) async throws -> Response {
        let query = try request.queryParameters()
        var cursor: AccessToken.ID?
        if let text = try query.text("before") {
            guard let id = AccessToken.ID(text) else {
                throw HTTPError(.badRequest, "“before” is not an identifier.")
            }
            cursor = id
        }
        let page = try await store.tokens(of: caller.user.id, before: cursor, limit: 51)
        let now = clock.now
        var fields = Fields()
        if page.count > 50 { fields.append(.link, "</api/tokens?before=\(page[49].id)>; rel=\"next\"") }
        return .json(fields: fields) { json in
            json.array { json in
                for token in page.prefix(50) { json.object { $0.members(of: token, at: now, desk.policy) } }
            }
        }
    }

    /// `POST /api/tokens`: makes a token and shows it this once.
    func createToken(_ request: Request, _ caller: Caller) async throws -> Response {
        var reader = MemberReader(try await request.json(upTo: bodyLimit))
        let name = reader.required("name", .string)
        let scopes = reader.required("scopes", .strings)
        let expires = reader.optional("expires_at", .nullable(.instant))
        let metadata = reader.optional("metadata", .texts)
        let format = reader.optional("format", .string)
        if let format, format != "opaque" { reader.report("must be “opaque”", at: "format") }
        let (checkedName, checkedScopes) = try reader.finish(name, scopes)
        var limit: Scope?
        if case .token(let verified) = caller { limit = verified.scope }
        let order = TokenDesk.Order(
            name: checkedName, scopes: checkedScopes, expiresAt: expires ?? nil,
            metadata: try TokenMetadata(metadata ?? [:]), limit: limit)
        let now = clock.now
        let issued = try await desk.issue(
            order, to: caller.user, by: caller.authorization, from: request.peer.host, at: now)
        return created(issued, at: now)
    }

    /// The answer that shows a token this once; `more` writes further members.
    func created(
        _ issued: IssuedToken, at now: NumericDate, _ more: (inout JSONWriter) -> Void = { _ in }
    ) -> Response {
        .json(.created, fields: [.location: "/api/tokens/\(issued.token.id)"]) { json in
            json.object { json in
                json.members(of: issued.token, at: now, desk.policy)
                json.member("token", issued.secret.plainText)
                more(&json)
            }
        }
    }

    /// `DELETE /api/tokens/ID`: ends a token early. The token of another person does not exist here.
    func deleteToken(_ request: Request, _ caller: Caller) async throws -> Response {
        let token = try await own.token(request.parameters["id"], of: caller.user)
        _ = try await desk.revoke(
            token, by: caller.authorization, from: request.peer.host, at: clock.now)
        return Response(.noContent)
    }
}
