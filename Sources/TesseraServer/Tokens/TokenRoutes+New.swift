import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraTime

/// The form that makes a token, and the page that shows it this once.
extension TokenRoutes {
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
