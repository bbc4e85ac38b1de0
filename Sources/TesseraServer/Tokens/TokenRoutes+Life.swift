import TesseraCore
import TesseraHTTP
import TesseraTime

/// The page of one token, and what people do with it there.
extension TokenRoutes {
    /// `GET /settings/tokens/ID/rename`
    func showRename(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        try await withLiving(request, person) { token in
            pages.html(
                RenameTokenPage(
                    context: person.context(), token: summaries.summary(of: token, at: person.now)))
        }
    }

    /// `POST /settings/tokens/ID/rename`: `name`.
    func renameToken(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        let name = try form.text("name") ?? ""
        return try await withLiving(request, person) { token in
            do {
                return try await change(token, .init(name: name), done: "renamed", request, person)
            } catch let invalid as InvalidInput {
                return pages.html(
                    RenameTokenPage(
                        context: person.context(), token: summaries.summary(of: token, at: person.now),
                        typed: name,
                        errors: invalid.problems.map { FieldError(fieldID: "name", message: $0.message) }),
                    .unprocessableContent)
            }
        }
    }

    /// `GET /settings/tokens/ID/expiry`: filled in by `expires` and `expires_on`, as a form that was sent with an old log-in
    /// comes back.
    func showExpiry(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        let entry = query.pairs.isEmpty ? nil : try ExpirationEntry(in: query)
        return try await withLiving(request, person) { token in
            pages.html(expiryPage(of: token, for: person, entry))
        }
    }

    /// `POST /settings/tokens/ID/expiry`: `expires`, `expires_on`, `time_zone`.
    func changeExpiry(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        let entry = try ExpirationEntry(in: form)
        return try await withLiving(request, person) { token in
            if entry.keepsPresent { return .redirect(to: "/settings/tokens/\(token.id)?done=kept") }
            guard let expiry = entry.expiry(at: person.now) else {
                return pages.html(
                    expiryPage(of: token, for: person, entry, errors: [ExpirationEntry.unusableDate]),
                    .unprocessableContent)
            }
            do {
                return try await change(token, .init(expiry: expiry), done: "expiry", request, person)
            } catch let invalid as InvalidInput {
                let errors = invalid.problems.map {
                    FieldError(fieldID: entry.fieldID, message: $0.message)
                }
                return pages.html(
                    expiryPage(of: token, for: person, entry, errors: errors), .unprocessableContent)
            }
        }
    }

    /// `POST /settings/tokens/ID/disable`
    func disableToken(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        try await withLiving(request, person) { token in
            try await change(token, .init(isSuspended: true), done: "disabled", request, person)
        }
    }

    /// `POST /settings/tokens/ID/enable`
    func enableToken(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        try await withLiving(request, person) { token in
            try await change(token, .init(isSuspended: false), done: "enabled", request, person)
        }
    }
}

// MARK: - What they have in common

extension TokenRoutes {
    /// The page of the token that a request is about, on which the buttons are that have no page of their own.
    static let pageOfToken: @Sendable (Request) -> String = { "/settings/tokens/\($0.parameters["id"])" }

    /// Does something with a token that has not ended. Where that is refused, the token's page says why.
    func withLiving(
        _ request: Request, _ person: SignedInVisitor, _ work: (AccessToken) async throws -> Response
    ) async throws -> Response {
        let token = try await own.token(request.parameters["id"], of: person.user)
        do {
            if !token.isAlive(at: person.now),
                let conflict = try await tokens.conflict(of: token, at: person.now)
            {
                throw conflict
            }
            return try await work(token)
        } catch let conflict as TokenConflict where conflict != .gone {
            return pages.html(
                try await tokenPage(of: token.id, for: person, problem: conflict.sentence), .conflict)
        }
    }

    private func change(
        _ token: AccessToken, _ correction: TokenDesk.Correction, done: String, _ request: Request,
        _ person: SignedInVisitor
    ) async throws -> Response {
        _ = try await own.change(token, correction, for: person.caller, request, at: person.now)
        return .redirect(to: "/settings/tokens/\(token.id)?done=\(done)")
    }

    /// The page that changes the expiry; `entry` is the form as typed, `nil` the first time.
    private func expiryPage(
        of token: AccessToken, for person: SignedInVisitor, _ entry: ExpirationEntry? = nil,
        errors: [FieldError] = []
    ) -> TokenExpiryPage {
        let offered = Lifetime.offered(upTo: tokens.policy.longestLifetime)
        let present = Lifetime.present(token.expiresAt, amongst: offered, at: person.now)
        let lifetimes = offered.map { $0.ending(at: person.now) }
        // A token that outlives the policy may keep what it has.
        let latest = tokens.policy.latestExpiry(from: person.now).flatMap { latest in
            token.expiresAt.map { max($0, latest) }
        }
        return TokenExpiryPage(
            context: person.context(), token: summaries.summary(of: token, at: person.now),
            lifetimes: (lifetimes.contains(present) ? [] : [present]) + lifetimes, latest: latest,
            chosen: lifetimes.first { $0.value == entry?.choice }?.value ?? present.value,
            date: entry?.date ?? "", errors: errors)
    }
}
