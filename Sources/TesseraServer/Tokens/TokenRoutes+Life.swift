import TesseraCore
import TesseraHTTP
import TesseraTime

/// The page of one token, and what people do with it there.
extension TokenRoutes {
    /// `GET /settings/tokens/ID`
    func showToken(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let token = try await own.token(request.parameters["id"], of: person.user)
        let notice: String? =
            switch try request.queryParameters().text("done") {
            case "renamed": "The token has its new name."
            case "expiry": "Its expiry is changed."
            case "kept": "Its expiry stays as it was."
            case "disabled": "The token is disabled. It is refused until you enable it."
            case "enabled": "The token is enabled."
            case "ended": "The token has ended. It is refused from now on."
            default: nil
            }
        return pages.html(try await tokenPage(of: token.id, for: person, notice: notice))
    }

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

    /// `GET /settings/tokens/ID/rotate`
    func showRotate(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        try await withLiving(request, person) { token in
            if let conflict = try await tokens.conflict(of: token, at: person.now) { throw conflict }
            return pages.html(rotatePage(of: token, for: person))
        }
    }

    /// `POST /settings/tokens/ID/rotate`: `overlap`.
    func rotateToken(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        let chosen = try form.text("overlap") ?? ""
        /// The form once more, with the number it came with.
        func again(_ token: AccessToken, _ problem: String, number: String? = nil) -> Response {
            var page = rotatePage(of: token, for: person)
            page.chosen = chosen
            page.number = number ?? page.number
            page.problem = problem
            return pages.html(page, .unprocessableContent)
        }
        return try await retries.once(
            request, form, person.visitor,
            stale: { try await withLiving(request, person) { again($0, Retries.staleForm) } },
            before: { try await createdBefore($0, for: person) }
        ) { number in
            var made: AccessToken?
            let response = try await withLiving(request, person) { token in
                guard let overlap = DurationText.parse(chosen) else {
                    return again(token, "Choose how long the old token goes on.", number: number)
                }
                do {
                    let rotation = try await tokens.rotate(
                        token, overlap: overlap, by: person.authorization, from: request.peer.host,
                        at: person.now)
                    made = rotation.issued.token
                    return pages.html(
                        createdPage(
                            rotation.issued, for: person,
                            insteadOf: summaries.summary(of: rotation.old, at: person.now)))
                } catch let invalid as InvalidInput {
                    return again(
                        token, invalid.problems.map(\.message).joined(separator: " "), number: number)
                }
            }
            return OnceResult(response, outcome: .made(made.map(Self.path)))
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

    /// `GET /settings/tokens/ID/end`
    func showEnd(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        try await withReplaced(request, person) { token, successorID in
            let successor = try await store.token(successorID)
            return pages.html(
                EndTokenPage(
                    context: person.context(), token: summaries.summary(of: token, at: person.now),
                    successor: successor.map { summaries.summary(of: $0, at: person.now) }))
        }
    }

    /// `POST /settings/tokens/ID/end`
    func endToken(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        try await withReplaced(request, person) { token, _ in
            try await tokens.endOverlap(
                of: token, by: person.authorization, from: request.peer.host, at: person.now)
            return .redirect(to: "/settings/tokens/\(token.id)?done=ended")
        }
    }
}

// MARK: - What they have in common

extension TokenRoutes {
    /// The page of the token that a request is about, on which the buttons are that have no page of their own.
    static let pageOfToken: @Sendable (Request) -> String = { "/settings/tokens/\($0.parameters["id"])" }

    /// Does something with a token that has not ended. Where that is refused, the token's page says why.
    private func withLiving(
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

    /// Does something with a token that lives on beside the one that takes its place.
    private func withReplaced(
        _ request: Request, _ person: SignedInVisitor,
        _ work: (AccessToken, AccessToken.ID) async throws -> Response
    ) async throws -> Response {
        try await withLiving(request, person) { token in
            guard let successor = token.replacedBy else {
                throw HTTPError(.conflict, "The token is not being replaced. It can be revoked.")
            }
            return try await work(token, successor)
        }
    }

    private func change(
        _ token: AccessToken, _ correction: TokenDesk.Correction, done: String, _ request: Request,
        _ person: SignedInVisitor
    ) async throws -> Response {
        _ = try await own.change(token, correction, for: person.caller, request, at: person.now)
        return .redirect(to: "/settings/tokens/\(token.id)?done=\(done)")
    }

    /// The page of a token, read anew; `problem` is the reason why an action was not done.
    func tokenPage(
        of id: AccessToken.ID, for person: SignedInVisitor, notice: String? = nil, problem: String? = nil
    ) async throws -> TokenPage {
        let token = try await own.token(id.description, of: person.user)
        let now = person.now
        let older = try await relative(token.replaces)
        let newer = try await relative(token.replacedBy)
        return TokenPage(
            context: person.context(notice: notice), token: summaries.summary(of: token, at: now),
            history: .init(
                replaces: older.map { kin($0, at: now) }, replacedBy: newer.map { kin($0, at: now) },
                disabled: token.suspendedAt),
            metadata: token.metadata.entries.map { .init(name: $0.name, text: $0.text) },
            canBeRotated: token.kind == .personal && token.canBeReplaced(at: now),
            quietTime: quietTime(of: token, besides: newer),
            newLikeThis: Self.formFilledIn(like: token), problem: problem)
    }

    /// A token of the same line; `nil` when there is none to look for.
    private func relative(_ id: AccessToken.ID?) async throws -> Relative? {
        guard let id else { return nil }
        let token = try await store.token(id)
        guard let token else { return .deleted }
        return .known(token)
    }

    private enum Relative {
        case known(AccessToken)
        case deleted
    }

    private func kin(_ relative: Relative, at now: NumericDate) -> TokenPage.Relative {
        switch relative {
        case .known(let token): .known(summaries.summary(of: token, at: now))
        case .deleted: .deleted
        }
    }

    /// The time without use after which a replaced token ends early, in words.
    private func quietTime(of token: AccessToken, besides newer: Relative?) -> String? {
        guard case .known(let successor) = newer else { return nil }
        guard let time = tokens.policy.quietTime(of: TokenOverlap(old: token, successor: successor)) else {
            return nil
        }
        // Half an overlap needs no seconds.
        let seconds = time.components.seconds
        return Lifetime.words(for: .seconds(seconds < 3_600 ? seconds : (seconds + 1_800) / 3_600 * 3_600))
    }

    /// The form that makes a token, filled in like this one.
    static func formFilledIn(like token: AccessToken) -> String {
        let fields = [("name", token.name.text)] + token.scope.tokens.map { ("scopes", $0.text) }
        return "/settings/tokens/new?" + FormEncoding.encode(fields)
    }

    private func rotatePage(of token: AccessToken, for person: SignedInVisitor) -> RotateTokenPage {
        RotateTokenPage(
            context: person.context(), token: summaries.summary(of: token, at: person.now),
            number: retries.formNumber(for: Self.path(of: token) + "/rotate", person.visitor),
            newExpiry: tokens.expiryOfSuccessor(of: token, at: person.now))
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
