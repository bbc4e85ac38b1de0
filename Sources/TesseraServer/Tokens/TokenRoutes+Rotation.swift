import TesseraCore
import TesseraHTTP
import TesseraTime

/// The forms that rotate a token, and end the old one early.
extension TokenRoutes {
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

    private func rotatePage(of token: AccessToken, for person: SignedInVisitor) -> RotateTokenPage {
        RotateTokenPage(
            context: person.context(), token: summaries.summary(of: token, at: person.now),
            number: retries.formNumber(for: Self.path(of: token) + "/rotate", person.visitor),
            newExpiry: tokens.expiryOfSuccessor(of: token, at: person.now))
    }
}
