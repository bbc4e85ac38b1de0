import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraHosting
import TesseraJSON
import TesseraOpenAPI
import TesseraTime

/// Turns errors into answers. The one place where that happens.
final class ErrorResponses: Sendable {
    let clock: WallClock
    let log: Log
    let refusals: RefusalLog
    let challenges: ChallengeBook
    /// The pages of other origins that may call the API; `nil` for none.
    let cors: CORS?
    let site: SitePath
    /// Draws the identifiers of refusals and of requests.
    let identifiers = IdentifierSource(random: .insecure)

    init(
        realm: String, cors: CORS?, site: SitePath, refusals: RefusalLog, clock: WallClock, log: Log
    ) {
        challenges = ChallengeBook(realm: realm)
        self.cors = cors
        self.site = site
        self.refusals = refusals
        self.clock = clock
        self.log = log
    }

    /// Turns an error into an answer.
    ///
    /// Every refusal gets an identifier, which leads to the reason. Anything unknown is a 500 for the caller and a line
    /// in the log.
    func response(to error: any Error, for request: Request) -> Response {
        let now = clock.now
        switch error {
        case let refused as Refused:
            return answer(refused, to: request, at: now)
        case let error as HTTPError:
            return answer(error, to: request, at: now)
        case let violations as Violations:
            return answer(
                HTTPError(.unprocessableContent, "The request does not have the form it should have."),
                to: request,
                at: now, violations: violations.all.map { ($0.path, $0.message) })
        case let invalid as InvalidInput:
            return answer(
                HTTPError(.unprocessableContent, "The request asks for something that cannot be done."),
                to: request,
                at: now, violations: invalid.problems.map { ($0.path, $0.message) })
        case let attempts as TooManyAttempts:
            return answer(
                HTTPError(
                    .tooManyRequests, attempts.sentence,
                    fields: [.retryAfter: "\(WaitPhrase(attempts.wait).seconds)"]), to: request, at: now)
        case let conflict as TokenConflict:
            let status: Status = conflict == .gone ? .notFound : .conflict
            return answer(HTTPError(status, conflict.sentence), to: request, at: now)
        case let reached as TokenLimitReached:
            return answer(HTTPError(.conflict, reached.description), to: request, at: now)
        case RepeatedRequest.pending:
            return answer(
                HTTPError(
                    .conflict,
                    "A request with this Idempotency-Key is in progress, or its end is not known. This one has created nothing. Look for what the first has created before you use another key.",
                    fields: [.retryAfter: "1"]),
                to: request, at: now)
        case RepeatedRequest.differs:
            return answer(
                HTTPError(.unprocessableContent, "This Idempotency-Key was used for another request."),
                to: request, at: now,
                violations: [("", "differs from the first request with this Idempotency-Key")])
        case let violation as JSONViolation:
            return answer(
                HTTPError(.badRequest, "The body is not valid JSON: \(violation)."), to: request, at: now)
        case let error as StoreError where error.code == .authorizationEnded:
            return answer(Refused.sessionEnded, to: request, at: now)
        case let error as StoreError:
            log.error("the store could not answer: \(error)")
            // A client that repeats the request unseen may do it twice.
            let outcome = error.isOutcomeUnknown ? " What became of the request is not known." : ""
            return answer(
                HTTPError(
                    .serviceUnavailable, "The store cannot answer at present.\(outcome)",
                    fields: [.retryAfter: "1"]),
                to: request, at: now, cause: .storeUnavailable)
        case PasswordError.busy, PasswordError.stopped:
            return answer(
                HTTPError(.serviceUnavailable, "Too many sign-ins are waiting.", fields: [.retryAfter: "1"]),
                to: request, at: now, cause: .storeUnavailable)
        default:
            log.error("request \(request.id) failed: \(type(of: error))")
            return answer(
                HTTPError(.internalServerError, "Something went wrong here; it was logged."), to: request,
                at: now)
        }
    }

    /// Answers a message that the engine itself refused, before there was a request.
    func response(to error: HTTPError, for refused: RefusedRequest) -> Response {
        let now = clock.now
        let id: Refusal.ID = identifiers.next(at: now)
        let cause: RefusalCause =
            error.culprit == .authorization ? .severalCredentials : RefusalCause(error.status)
        if refusals.admit(cause, isOwned: false, at: now) {
            keep(
                Refusal(
                    id: id, at: now, cause: cause, status: error.status.code, method: "", path: "",
                    address: refused.peer.host, detail: error.detail))
        }
        var response = problem(error, refusal: id)
        cors?.apply(to: &response, for: refused)
        return response
    }

    /// Answers a request that is refused for who makes it.
    func answer(_ refused: Refused, to request: Request, at now: NumericDate) -> Response {
        let id: Refusal.ID = identifiers.next(at: now)
        if refusals.admit(refused.cause, isOwned: refused.owner != nil, at: now) {
            keep(
                Refusal(
                    id: id, at: now, cause: refused.cause, status: refused.status.code,
                    method: request.method.text,
                    path: request.path, address: request.peer.host, token: refused.token,
                    owner: refused.owner,
                    needed: refused.needed, held: refused.held, since: refused.since, origin: refused.origin,
                    hint: refused.hint))
        }
        if wantsPage(request) {
            // A 401 names the credentials that are needed, as a page, too (RFC 9110 §15.5.2).
            var fields = Fields()
            if let challenge = challenges.challenge(for: refused) {
                fields.append(.wwwAuthenticate, challenge)
            }
            return errorPage(
                refused.status, refused.detail + ".", refusal: id, owner: refused.owner, fields: fields)
        }
        let prepared = challenges.answer(to: refused)
        return problem(prepared.problem, refusal: id, fields: prepared.fields)
    }

    private func answer(
        _ error: HTTPError, to request: Request, at now: NumericDate, cause: RefusalCause? = nil,
        violations: [(path: String, message: String)] = []
    ) -> Response {
        let id = note(
            cause ?? RefusalCause(error.status), error.status, of: request, at: now,
            detail: Self.detail(error, violations))
        if wantsPage(request) {
            return errorPage(error.status, error.detail, refusal: id, fields: error.fields)
        }
        return problem(error, refusal: id, violations: violations)
    }

    /// Draws the identifier of a refusal that does not depend on the caller's identity, and keeps the reason under it.
    func note(
        _ cause: RefusalCause, _ status: Status, of request: Request, at now: NumericDate,
        detail: @autoclosure () -> String
    ) -> Refusal.ID {
        let id: Refusal.ID = identifiers.next(at: now)
        if refusals.admit(cause, isOwned: false, at: now) {
            keep(
                Refusal(
                    id: id, at: now, cause: cause, status: status.code, method: request.method.text,
                    path: request.path, address: request.peer.host, detail: detail()))
        }
        return id
    }

    /// The sentence that the answer contains, followed by the violations of the body.
    private static func detail(
        _ error: HTTPError, _ violations: [(path: String, message: String)]
    ) -> String {
        guard !violations.isEmpty else { return error.detail }
        let list = violations.map { $0.path.isEmpty ? $0.message : "“\($0.path)” \($0.message)" }
        return "\(error.detail) \(list.joined(separator: "; "))"
    }

    private func problem(
        _ error: HTTPError, refusal: Refusal.ID, violations: [(path: String, message: String)] = []
    ) -> Response {
        var fields: Fields = [.contentType: ProblemTemplate.mediaType]
        fields.append(contentsOf: error.fields)
        return problem(
            ProblemTemplate(error.status, detail: error.detail), refusal: refusal, fields: fields,
            violations: violations)
    }

    private func problem(
        _ template: ProblemTemplate, refusal: Refusal.ID, fields: Fields,
        violations: [(path: String, message: String)] = []
    ) -> Response {
        var fields = fields
        fields.append(.tesseraRefusal, atMost: Refusal.ID.textLength) { refusal.writeText(into: $0) }
        return Response(
            template.status, fields: fields,
            body: .bytes(template.bytes(refusal: refusal, violations: violations)))
    }

    /// Programs get problem details; so does each client at a path that is for programs.
    private func wantsPage(_ request: Request) -> Bool {
        guard !request.path.hasPrefix("/api/") else { return false }
        return request.accept.choose(from: .problemJSON, .html) == .html
    }

    private func errorPage(
        _ status: Status, _ sentence: String, refusal: Refusal.ID, owner: User.ID? = nil,
        fields: Fields = Fields()
    ) -> Response {
        var fields = fields
        fields.append(.tesseraRefusal, refusal.description)
        let page = ErrorPage(
            context: PageContext(now: clock.now, csrf: ""), status: status.code,
            title: status.reason.description,
            sentence: sentence,
            reason: .init(refusal: refusal.description, isForTheReader: owner != nil))
        return Response(
            status, "text/html; charset=utf-8", page.render(at: site), fields: fields)
    }

    /// Keeps a refusal, and says in the log what is kept of it.
    private func keep(_ refusal: Refusal) {
        refusals.keep(refusal)
        log.info("\(RefusalLogLine(refusal))", as: "refused") { RefusalLogLine(refusal).write(to: &$0) }
    }
}

extension RefusalCause {
    /// The cause of a refusal that does not depend on the caller's identity, by the status of its answer.
    fileprivate init(_ status: Status) {
        self =
            switch status {
            case .notFound: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .conflict: .conflict
            case .unprocessableContent: .invalidContent
            case .tooManyRequests: .tooManyAttempts
            case .serviceUnavailable: .storeUnavailable
            case _ where status.code == 500: .serverError
            default: .unusableRequest
            }
    }
}
