import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraJOSE

/// The pages on which people make, see and revoke their tokens.
extension Authority {
    private static let pageSize = 20
    /// How many tokens are looked at for what is worth a look.
    private static let mostTokens = 10_000

    /// `GET /settings/tokens`
    func showTokens(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        let now = person.now
        let cursor = try single("before", in: query).flatMap { AccessToken.ID($0) }
        let shown = try single("show", in: query).flatMap { TokensPage.Concern(rawValue: $0) }
        let all = try await allTokens(of: person.user)
        let matching = all.filter { token in
            (cursor.map { token.id < $0 } ?? true)
                && (shown?.isRaised(by: token, tokens.policy, at: now) ?? true)
        }
        let notice: String? =
            switch try single("done", in: query) {
            case "revoked": "The token is revoked. It is refused from now on."
            case "revoked-all": "All your tokens are revoked. They are refused from now on."
            default: nil
            }
        let filter = shown.map { "show=\($0.rawValue)&" } ?? ""
        return html(
            TokensPage(
                context: person.context(notice: notice),
                tokens: matching.prefix(Self.pageSize).map { summary(of: $0, at: now) },
                shown: shown,
                concerns: TokensPage.Concern.allCases.map { concern in
                    (concern, all.count { concern.isRaised(by: $0, tokens.policy, at: now) })
                }.filter { $0.1 > 0 },
                canRevokeAll: all.contains { $0.isAlive(at: now) },
                previousPage: cursor == nil
                    ? nil : "/settings/tokens" + (shown.map { "?show=\($0.rawValue)" } ?? ""),
                nextPage: matching.count > Self.pageSize
                    ? "?\(filter)before=\(matching[Self.pageSize - 1].id)" : nil))
    }

    /// All tokens of this person, the newest first.
    private func allTokens(of user: User) async throws -> [AccessToken] {
        var all: [AccessToken] = []
        while all.count < Self.mostTokens {
            let page = try await store.tokens(of: user.id, before: all.last?.id, limit: 1_000)
            all += page
            if page.count < 1_000 { break }
        }
        return all
    }

    /// `GET /settings/tokens/new`: filled in by `name`, `scopes` (repeated, or several with commas between them) and
    /// `expires`.
    func showNewToken(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        var page = try await newTokenPage(for: person)
        if !query.pairs.isEmpty {
            let name = try single("name", in: query)
            let expires = try single("expires", in: query)
            let scopes = Self.split(query.values(of: "scopes"), amongThose: page.scopes.map(\.name))
            page.form.name = name ?? ""
            page.form.scopes = scopes.offered
            let isUnderstood = expires.map { page.form.choose($0, of: page.lifetimes) } ?? true
            // A form that was sent with an old log-in comes back as a link.
            if let date = try single("expires_on", in: query) { page.form.expiresOn = date }
            if name != nil || expires != nil || query.values(of: "scopes").isEmpty == false {
                page.link = .init(scopesLeftOut: scopes.others, isExpirationLeftOut: !isUnderstood)
            }
        }
        return html(page)
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

    /// `POST /settings/tokens/new`: `name`, `scopes` (repeated), `expires`, `expires_on`.
    func makeToken(_ request: Request, _ sent: FormParameters, _ person: SignedInVisitor) async throws
        -> Response
    {
        let expiration = try expirationEntry(in: sent)
        let form = NewTokenPage.Form(
            name: try single("name", in: sent) ?? "", expires: expiration.choice,
            expiresOn: expiration.date, scopes: sent.values(of: "scopes"))
        func again(_ problems: [NewTokenPage.Problem], obstacle: String? = nil) async throws -> Response {
            var page = try await newTokenPage(for: person)
            page.form = form
            page.problems = problems
            page.obstacle = obstacle ?? page.obstacle
            return html(page, .unprocessableContent)
        }
        guard let expiry = expiration.expiry(at: person.now) else {
            return try await again([
                .init(field: .expiresOn, message: ExpirationEntry.unusableDate.message)
            ])
        }
        let order = TokenDesk.Order(name: form.name, scopes: form.scopes, expiresAt: expiry.instant)
        do {
            let issued = try await tokens.issue(
                order, to: person.user, by: person.authorization, from: request.peer.host, at: person.now)
            return html(createdPage(issued, for: person))
        } catch let reached as TokenLimitReached {
            return try await again([], obstacle: reached.description)
        } catch let invalid as InvalidInput {
            return try await again(
                invalid.problems.map { problem in
                    .init(
                        field: problem.path == "expires_at"
                            ? (form.expiresOn.isEmpty ? .expires : .expiresOn)
                            : NewTokenPage.Field(rawValue: problem.path) ?? .name,
                        message: problem.message)
                })
        }
    }

    /// What a form says of the expiry.
    func expirationEntry(in form: FormParameters) throws(HTTPError) -> ExpirationEntry {
        ExpirationEntry(
            choice: try single("expires", in: form) ?? "", date: try single("expires_on", in: form) ?? "")
    }

    /// The page that shows a token this once.
    ///
    /// - Parameter old: The token in whose place it was made.
    func createdPage(
        _ issued: IssuedToken, for person: SignedInVisitor, insteadOf old: TokenSummary? = nil
    ) -> TokenCreatedPage {
        TokenCreatedPage(
            context: person.context(), token: Secret(utf8: issued.secret.plainText),
            name: issued.token.name.text, scopes: issued.token.scope.tokens.map(\.text),
            expires: issued.token.expiresAt, tryAt: "\(configuration.issuer)/api/me", old: old)
    }

    /// `GET /settings/tokens/ID/revoke`
    func showRevoke(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let token = try await ownToken(request.parameters["id"], of: person.user)
        return html(RevokeTokenPage(context: person.context(), token: summary(of: token, at: person.now)))
    }

    /// `POST /settings/tokens/ID/revoke`
    func revokeToken(_ request: Request, _ form: FormParameters, _ person: SignedInVisitor) async throws
        -> Response
    {
        let token = try await ownToken(request.parameters["id"], of: person.user)
        _ = try await tokens.revoke(
            token, by: person.authorization, from: request.peer.host, at: person.now)
        return redirect(to: "/settings/tokens?done=revoked")
    }

    /// `GET /settings/tokens/revoke-all`
    func showRevokeAll(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let living = try await allTokens(of: person.user).filter { $0.isAlive(at: person.now) }
        return html(
            RevokeAllTokensPage(
                context: person.context(), tokens: living.map { summary(of: $0, at: person.now) }))
    }

    /// `POST /settings/tokens/revoke-all`
    func revokeAllTokens(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        _ = try await tokens.revokeAll(
            of: person.user.id, by: person.authorization, from: request.peer.host, at: person.now)
        return redirect(to: "/settings/tokens?done=revoked-all")
    }

    private func newTokenPage(for person: SignedInVisitor) async throws -> NewTokenPage {
        let policy = tokens.policy
        let lifetimes = Lifetime.offered(upTo: policy.longestLifetime)
        var obstacle: String?
        if let limit = policy.tokensPerUser {
            let living = try await allTokens(of: person.user).count { $0.isAlive(at: person.now) }
            if living >= limit { obstacle = TokenLimitReached(limit: limit).description }
        }
        return NewTokenPage(
            context: person.context(),
            scopes: catalogue.definitions(for: person.user).map {
                .init(name: $0.name.text, description: $0.description)
            },
            lifetimes: lifetimes, latestExpiry: policy.latestExpiry(from: person.now),
            form: .init(expires: lifetimes.preselected), obstacle: obstacle)
    }
}

extension NewTokenPage.Form {
    /// Fills in the expiry that a link asks for; `false` when it is neither offered nor a date.
    fileprivate mutating func choose(_ text: String, of offered: [Lifetime]) -> Bool {
        if offered.contains(where: { $0.value == text }) {
            expires = text
        } else if NumericDate(date: text) != nil {
            expiresOn = text
        } else {
            return false
        }
        return true
    }
}
