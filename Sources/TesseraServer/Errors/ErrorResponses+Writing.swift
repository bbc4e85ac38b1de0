import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraHosting
import TesseraJSON
import TesseraTime

/// The answers to errors, as problem documents or as pages, and the refusals that are kept of them.
extension ErrorResponses {
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

    func answer(
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
