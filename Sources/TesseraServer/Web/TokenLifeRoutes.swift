import TesseraCore
import TesseraHTTP
import TesseraTime

/// The page of one token, and what people do with it there.
extension Authority {
    /// `GET /settings/tokens/ID`
    func showToken(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let token = try await ownToken(request.parameters["id"], of: person.user)
        let notice: String? =
            switch try single("done", in: try request.queryParameters()) {
            case "renamed": "The token has its new name."
            case "expiry": "Its expiry is changed."
            case "kept": "Its expiry stays as it was."
            case "disabled": "The token is disabled. It is refused until you enable it."
            case "enabled": "The token is enabled."
            case "ended": "The token has ended. It is refused from now on."
            default: nil
            }
        return html(try await tokenPage(of: token.id, for: person, notice: notice))
    }

    /// `GET /settings/tokens/ID/rename`
    func showRename(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        try await withLiving(request, person) { token in
            html(RenameTokenPage(context: person.context(), token: summary(of: token, at: person.now)))
        }
    }

    /// `POST /settings/tokens/ID/rename`: `name`.
    func renameToken(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        let name = try single("name", in: form) ?? ""
        return try await withLiving(request, person) { token in
            do {
                return try await change(token, .init(name: name), done: "renamed", request, person)
            } catch let invalid as InvalidInput {
                return html(
                    RenameTokenPage(
                        context: person.context(), token: summary(of: token, at: person.now), typed: name,
                        errors: invalid.problems.map { FieldError(fieldID: "name", message: $0.message) }),
                    .unprocessableContent)
            }
        }
    }

    /// `GET /settings/tokens/ID/expiry`: filled in by `expires` and `expires_on`, as a form that was sent with an old log-in
    /// comes back.
    func showExpiry(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        let entry = query.pairs.isEmpty ? nil : try expirationEntry(in: query)
        return try await withLiving(request, person) { token in
            html(expiryPage(of: token, for: person, entry))
        }
    }

    /// `POST /settings/tokens/ID/expiry`: `expires`, `expires_on`, `time_zone`.
    func changeExpiry(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        let entry = try expirationEntry(in: form)
        return try await withLiving(request, person) { token in
            if entry.keepsPresent { return redirect(to: "/settings/tokens/\(token.id)?done=kept") }
            guard let expiry = entry.expiry(at: person.now) else {
                return html(
                    expiryPage(of: token, for: person, entry, errors: [ExpirationEntry.unusableDate]),
                    .unprocessableContent)
            }
            do {
                return try await change(token, .init(expiry: expiry), done: "expiry", request, person)
            } catch let invalid as InvalidInput {
                let errors = invalid.problems.map {
                    FieldError(fieldID: entry.fieldID, message: $0.message)
                }
                return html(
                    expiryPage(of: token, for: person, entry, errors: errors), .unprocessableContent)
            }
        }
    }

    /// `GET /settings/tokens/ID/rotate`
    func showRotate(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        try await withLiving(request, person) { token in
            if let conflict = try await tokens.conflict(of: token, at: person.now) { throw conflict }
            return html(rotatePage(of: token, for: person))
        }
    }

    /// `POST /settings/tokens/ID/rotate`: `overlap`.
    func rotateToken(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        let chosen = try single("overlap", in: form) ?? ""
        /// The form once more, with the number it came with.
        func again(_ token: AccessToken, _ problem: String, number: String? = nil) -> Response {
            var page = rotatePage(of: token, for: person)
            page.chosen = chosen
            page.number = number ?? page.number
            page.problem = problem
            return html(page, .unprocessableContent)
        }
        return try await once(
            request, form, person.visitor,
            stale: { try await withLiving(request, person) { again($0, Self.staleForm) } },
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
                    return html(
                        createdPage(
                            rotation.issued, for: person,
                            insteadOf: summary(of: rotation.old, at: person.now)))
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
            return html(
                EndTokenPage(
                    context: person.context(), token: summary(of: token, at: person.now),
                    successor: successor.map { summary(of: $0, at: person.now) }))
        }
    }

    /// `POST /settings/tokens/ID/end`
    func endToken(
        _ request: Request, _ form: FormParameters, _ person: SignedInVisitor
    ) async throws -> Response {
        try await withReplaced(request, person) { token, _ in
            try await tokens.endOverlap(
                of: token, by: person.authorization, from: request.peer.host, at: person.now)
            return redirect(to: "/settings/tokens/\(token.id)?done=ended")
        }
    }
}

// MARK: - What they have in common

extension Authority {
    /// The page of the token that a request is about, on which the buttons are that have no page of their own.
    static let pageOfToken: @Sendable (Request) -> String = { "/settings/tokens/\($0.parameters["id"])" }

    /// Does something with a token that has not ended. Where that is refused, the token's page says why.
    private func withLiving(
        _ request: Request, _ person: SignedInVisitor, _ work: (AccessToken) async throws -> Response
    ) async throws -> Response {
        let token = try await ownToken(request.parameters["id"], of: person.user)
        do {
            if !token.isAlive(at: person.now),
                let conflict = try await tokens.conflict(of: token, at: person.now)
            {
                throw conflict
            }
            return try await work(token)
        } catch let conflict as TokenConflict where conflict != .gone {
            return html(
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
        _ = try await change(token, correction, for: person.caller, request, at: person.now)
        return redirect(to: "/settings/tokens/\(token.id)?done=\(done)")
    }

    private func rotatePage(of token: AccessToken, for person: SignedInVisitor) -> RotateTokenPage {
        RotateTokenPage(
            context: person.context(), token: summary(of: token, at: person.now),
            number: formNumber(for: Self.path(of: token) + "/rotate", person.visitor),
            newExpiry: tokens.expiryOfSuccessor(of: token, at: person.now))
    }

    /// - Parameter entry: What was typed; `nil` the first time.
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
            context: person.context(), token: summary(of: token, at: person.now),
            lifetimes: (lifetimes.contains(present) ? [] : [present]) + lifetimes, latest: latest,
            chosen: lifetimes.first { $0.value == entry?.choice }?.value ?? present.value,
            date: entry?.date ?? "", errors: errors)
    }
}
