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
}
