import TesseraCore
import TesseraHTTP
import TesseraJOSE
import TesseraJSON

/// `/api/tokens`: a person's own tokens, for a session or a token with a scope for it.
extension Authority {
    /// `GET /api/tokens`: newest first, 50 a page; `?before=ID` for the next page.
    func listTokens(_ request: Request, _ caller: Caller) async throws -> Response {
        let query = try request.queryParameters()
        var cursor: AccessToken.ID?
        if let text = try single("before", in: query) {
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
                for token in page.prefix(50) { json.object { $0.members(of: token, at: now, tokens.policy) } }
            }
        }
    }

    /// `POST /api/tokens`: makes a token and shows it this once.
    func createToken(_ request: Request, _ caller: Caller) async throws -> Response {
        var reader = MemberReader(try await request.json(upTo: configuration.bodyLimit))
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
        let issued = try await tokens.issue(order, to: caller.user, by: caller.actor, at: now)
        return created(issued, at: now)
    }

    /// The answer that shows a token this once.
    ///
    /// - Parameter more: Writes what else there is to say.
    func created(
        _ issued: IssuedToken, at now: NumericDate, _ more: (inout JSONWriter) -> Void = { _ in }
    ) -> Response {
        .json(.created, fields: [.location: "/api/tokens/\(issued.token.id)"]) { json in
            json.object { json in
                json.members(of: issued.token, at: now, tokens.policy)
                json.member("token", issued.secret.plainText)
                more(&json)
            }
        }
    }

    /// `DELETE /api/tokens/ID`: ends a token early. Somebody else's does not exist.
    func deleteToken(_ request: Request, _ caller: Caller) async throws -> Response {
        let token = try await ownToken(request.parameters["id"], of: caller.user)
        _ = try await tokens.revoke(token, by: caller.actor, at: clock.now)
        return Response(.noContent)
    }

    /// A token of this person's, by the text of its identifier. Somebody else's does not exist.
    func ownToken(_ text: String, of user: User) async throws -> AccessToken {
        let missing = HTTPError(.notFound, "You have no such token.")
        guard let id = AccessToken.ID(text) else { throw missing }
        guard let token = try await store.token(id) else { throw missing }
        guard token.owner == user.id else { throw missing }
        return token
    }

    /// The value of a parameter that may stand in a query once.
    func single(_ name: String, in parameters: FormParameters) throws(HTTPError) -> String? {
        do {
            return try parameters.single(name)
        } catch {
            throw error.httpError
        }
    }
}
