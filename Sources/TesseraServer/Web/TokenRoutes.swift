import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraJOSE

/// The pages on which people make, see and revoke their tokens.
extension Authority {
    private static let pageSize = 20

    /// `GET /settings/tokens`
    func showTokens(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        let cursor = try single("before", in: query).flatMap { AccessToken.ID($0) }
        let tokens = try await store.tokens(of: person.user.id, before: cursor, limit: Self.pageSize + 1)
        let notice =
            try single("done", in: query) == "revoked"
            ? "The token is revoked. It is refused from now on." : nil
        return html(
            TokensPage(
                context: person.context(notice: notice),
                tokens: tokens.prefix(Self.pageSize).map { $0.summary(at: person.now, format) },
                previousPage: cursor == nil ? nil : "/settings/tokens",
                nextPage: tokens.count > Self.pageSize ? "?before=\(tokens[Self.pageSize - 1].id)" : nil))
    }

    /// `GET /settings/tokens/new`
    func showNewToken(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        var form = NewTokenPage.Form()
        form.name = try single("name", in: query) ?? ""
        form.scopes = query.values(of: "scopes")
        if let expires = try single("expires", in: query) { form.expires = expires }
        form.expiresOn = try single("expires_on", in: query) ?? ""
        return html(newTokenPage(for: person, form))
    }

    /// `POST /settings/tokens/new`: `name`, `scopes` (repeated), `expires`, `expires_on`.
    func makeToken(_ request: Request, _ sent: FormParameters, _ person: SignedInVisitor) async throws
        -> Response
    {
        var form = NewTokenPage.Form(
            name: try single("name", in: sent) ?? "", expires: try single("expires", in: sent) ?? "",
            expiresOn: try single("expires_on", in: sent) ?? "", scopes: sent.values(of: "scopes"))
        if !NewTokenPage.lifetimes.contains(where: { $0.value == form.expires }), form.expiresOn.isEmpty {
            // A program may write the date where the choice stands.
            form.expiresOn = form.expires
        }
        guard let expiry = Expiry(form, at: person.now) else {
            return html(
                newTokenPage(
                    for: person, form,
                    problems: [.init(field: .expiresOn, message: "Write the date as 2027-01-31.")]),
                .unprocessableContent)
        }
        let order = TokenDesk.Order(name: form.name, scopes: form.scopes, expiresAt: expiry.instant)
        do {
            let issued = try await tokens.issue(
                order, to: person.user, by: .user(person.user.id), from: request.peer.host, at: person.now)
            return html(
                TokenCreatedPage(
                    context: person.context(), token: Secret(utf8: issued.secret.plainText),
                    name: issued.token.name.text,
                    scopes: issued.token.scope.tokens.map(\.text), expires: issued.token.expiresAt,
                    tryAt: "\(configuration.issuer)/api/me"))
        } catch let reached as TokenLimitReached {
            let problem = NewTokenPage.Problem(field: .name, message: reached.description)
            return html(newTokenPage(for: person, form, problems: [problem]), .conflict)
        } catch let invalid as InvalidInput {
            let problems = invalid.problems.map { problem in
                NewTokenPage.Problem(
                    field: problem.path == "expires_at"
                        ? (form.expiresOn.isEmpty ? .expires : .expiresOn)
                        : NewTokenPage.Field(rawValue: problem.path) ?? .name,
                    message: problem.message)
            }
            return html(newTokenPage(for: person, form, problems: problems), .unprocessableContent)
        }
    }

    /// `GET /settings/tokens/ID/revoke`
    func showRevoke(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let token = try await ownToken(request.parameters["id"], of: person.user)
        return html(RevokeTokenPage(context: person.context(), token: token.summary(at: person.now, format)))
    }

    /// `POST /settings/tokens/ID/revoke`
    func revokeToken(_ request: Request, _ form: FormParameters, _ person: SignedInVisitor) async throws
        -> Response
    {
        let token = try await ownToken(request.parameters["id"], of: person.user)
        _ = try await tokens.revoke(
            token, by: .user(person.user.id), from: request.peer.host, at: person.now)
        return redirect(to: "/settings/tokens?done=revoked")
    }

    private func newTokenPage(
        for person: SignedInVisitor, _ form: NewTokenPage.Form, problems: [NewTokenPage.Problem] = []
    ) -> NewTokenPage {
        NewTokenPage(
            context: person.context(),
            scopes: catalogue.definitions(for: person.user).map {
                .init(name: $0.name.text, description: $0.description)
            },
            form: form, problems: problems)
    }

    var format: TokenFormat { configuration.tokenFormat }
}

/// When a new token is to expire, as the form says it.
private struct Expiry {
    /// `nil` for never.
    let instant: NumericDate?

    /// A date takes the place of the choice. A date that is none makes no expiry at all.
    init?(_ form: NewTokenPage.Form, at now: NumericDate) {
        let text = form.expiresOn.isEmpty ? form.expires : form.expiresOn
        switch text {
        case "never": instant = nil
        case "7d", "30d", "90d", "365d":
            guard let days = Int(text.dropLast()) else { return nil }
            instant = now + .seconds(days * 86400)
        default:
            guard let date = NumericDate(date: text) else { return nil }
            instant = date
        }
    }
}

extension AccessToken {
    /// How long before its end a token is said to expire soon.
    private static let soon = Duration.seconds(7 * 86400)

    /// The token as its owner's pages show it.
    func summary(at now: NumericDate, _ format: TokenFormat) -> TokenSummary {
        let state: TokenSummary.State =
            switch state(at: now) {
            case .revoked: .revoked
            case .expired: .expired
            case .suspended: .disabled
            case .active:
                if let expiresAt, expiresAt <= now + Self.soon { .expiresSoon } else { .active }
            }
        return TokenSummary(
            id: id.description, name: name.text, prefix: "\(format.prefix(of: kind))_", lastFour: lastFour,
            scopes: scope.tokens.map(\.text), state: state, created: createdAt, lastUsed: lastUsedAt,
            expires: expiresAt, revoked: revokedAt)
    }
}
