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

extension APIOperation {
    static let listTokens = APIOperation(
        "listTokens", "List my tokens", in: .tokens,
        details: "Newest first, 50 a page, those that have ended among them. `Link` leads to the next page.",
        parameters: [.query("before", .identifier, "Goes on behind this token.")],
        answers: [.ok(.array(of: .token, count: 0...50), "A page of tokens.", fields: [.link])])

    static let createToken = APIOperation(
        "createToken", "Make a token", in: .tokens,
        details: "The answer is the only time that the token is shown. "
            + "A token can make one that may do as much as itself at most.",
        body: .json(
            .newToken, example: #"{"name": "Backup script", "scopes": ["tokens:read"], "expires_at": null}"#),
        answers: [
            .created(.issuedToken, "The token, shown this once."),
            .problem(.conflict, "You have as many tokens as you may have."),
        ])

    static let deleteToken = APIOperation(
        "deleteToken", "Revoke a token", in: .tokens,
        details: "It is refused everywhere from the moment of the answer.",
        parameters: [.path("id", .identifier)],
        answers: [
            .noContent("The token is revoked, or was before."),
            .problem(.notFound, "You have no such token."),
        ])
}

extension JSONSchema {
    private static let tokenMembers = object(
        .required("id", .identifier),
        .required("name", .string),
        .required("kind", .tokenKind),
        .required("scopes", .scopes, "What it may do at most."),
        .required("last_four", .string(4...4), "The last characters of the token, to recognize it by."),
        .required("state", .choice(AccessToken.State.allCases.map(\.rawValue))),
        .required("created_at", .instant),
        .required(
            "expires_at", .instant.nullable, "The first instant at which it is dead; `null` for never."),
        .required(
            "exceeds_policy", .bool, "Whether it outlives what the operator's policy allows new tokens."),
        .required("revoked_at", .instant.nullable, "`null` while it was not revoked."),
        .required("disabled_at", .instant.nullable, "Since when its owner has disabled it; `null` for not."),
        .required("last_used_at", .instant.nullable, "To within a few seconds; `null` when it never was."),
        .required(
            "last_used_from", .string.nullable,
            "The address it came from then; `null` when that is not known, `local` for a UNIX socket."),
        .required("replaces", .identifier.nullable, "The token in whose place it was made by rotation."),
        .required("replaced_by", .identifier.nullable, "The token that was made in its place by rotation."),
        .required("metadata", .metadata, "What its owner has noted on it."))

    /// A token without the token.
    static let token = tokenMembers.named("Token")

    private static let shownOnce =
        "Stands behind `Authorization: Bearer`. Missing in the answer to a repeated request."

    /// A token at the one time when it is shown.
    static let issuedToken = tokenMembers.with(
        .optional("token", .string, shownOnce)
    ).named("IssuedToken")

    /// A token that was made in the place of another, at the one time when it is shown.
    static let rotatedToken = tokenMembers.with(
        .optional("token", .string, shownOnce),
        .required("old_expires_at", .instant.nullable, "Until when the old token lives on.")
    ).named("RotatedToken")

    fileprivate static let newToken = closedObject(
        .required("name", .name(1...TokenName.longest), "What it is for."),
        .required("scopes", .scopes, "What it may do at most; names of the catalogue."),
        .optional("expires_at", .instant.nullable, "An instant in the future; `null` or absent for never."),
        .optional("format", .choice("opaque")),
        .optional("metadata", .metadata, "Notes that are returned where the token is checked; no secrets.")
    ).named("NewToken")
}
