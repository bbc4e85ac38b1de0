import Synchronization
import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraHosting
import TesseraJSON
import TesseraOpenAPI
import TesseraTime

/// The answers to errors, in the style of the route, and the refusals that are kept of them.
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
        let isForOAuth = refused.path.map { style(of: .get, at: $0) } == .oauth
        var response =
            isForOAuth
            ? oauthError(error.status, error.detail, refusal: id, fields: error.fields)
            : problem(error, refusal: id)
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
        let form = self.form(of: request)
        guard form != .problem else {
            let prepared = challenges.answer(to: refused)
            return problem(prepared.problem, refusal: id, fields: prepared.fields)
        }
        // A 401 names the credentials that are needed, in every form (RFC 9110 §15.5.2).
        var fields = Fields()
        if let challenge = challenges.challenge(for: refused) { fields.append(.wwwAuthenticate, challenge) }
        let sentence = refused.detail + "."
        return form == .oauth
            ? oauthError(refused.status, sentence, refusal: id, fields: fields)
            : errorPage(refused.status, sentence, refusal: id, owner: refused.owner, fields: fields)
    }

    func answer(
        _ error: HTTPError, to request: Request, at now: NumericDate, cause: RefusalCause? = nil,
        violations: [(path: String, message: String)] = []
    ) -> Response {
        let sentence = Self.detail(error, violations)
        let id = note(
            cause ?? RefusalCause(error.status), error.status, of: request, at: now, detail: sentence)
        switch form(of: request) {
        case .page: return errorPage(error.status, error.detail, refusal: id, fields: error.fields)
        case .oauth: return oauthError(error.status, sentence, refusal: id, fields: error.fields)
        default: return problem(error, refusal: id, violations: violations)
        }
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

    /// Uses the error styles of a router from now on.
    func use(_ styles: ErrorStyles) { self.styles.withLock { $0 = styles } }

    /// The error style of the route of a request, or of the prefix above its path.
    func style(of request: Request) -> ErrorStyle { style(of: request.method, at: request.path) }

    private func style(of method: Method, at path: String) -> ErrorStyle {
        styles.withLock { $0.style(of: method, at: path) }
    }

    /// The form of an error answer: a page only for a client that prefers one.
    private func form(of request: Request) -> ErrorStyle {
        let style = self.style(of: request)
        guard style == .page else { return style }
        return request.accept.choose(from: .problemJSON, .html) == .html ? .page : .problem
    }

    private func oauthError(
        _ status: Status, _ sentence: String, refusal: Refusal.ID, fields: Fields
    ) -> Response {
        var fields = fields
        fields.append(.tesseraRefusal, refusal.description)
        return OAuthError(status, sentence, page: "\(issuer)/refusals/\(refusal)").response(fields: fields)
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
