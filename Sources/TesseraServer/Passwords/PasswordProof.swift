import TesseraCore
import TesseraHTML
import TesseraHTTP
import TesseraHosting
import TesseraOpenAPI
import TesseraTime

/// The result of a password that was given, and of the change that rests on it.
enum PasswordProof<Result> {
    case proven(Result)
    /// There is no such account, it is disabled, or the password is another: all the same (ASVS 6.3.8).
    case wrong
    /// Too much was tried; the password was not looked at.
    case tooEarly(wait: Duration)
}

/// Checks the passwords that forms bring, within the limits of the throttle.
struct PasswordCheck: Sendable {
    let accounts: Accounts
    let throttle: SharedThrottle
    let browsers: KnownBrowsers
    let cookies: CookieNames
    let pages: PageAccess
    let errors: ErrorResponses
    let log: Log

    /// Checks a password, unless too many were tried, and makes the change that rests on it. Every form that asks for a
    /// password goes through here.
    ///
    /// - Parameters:
    ///   - email: The address as typed.
    ///   - session: The session in which it is asked for again: a browser that is known.
    ///   - use: Makes the change if the account is still in the state of the proof; `nil` when it is not, and then the
    ///     password is checked anew.
    func prove<Result>(
        email: String, password: String, in session: Session? = nil, _ request: Request, at now: NumericDate,
        for use: (SignInProof) async throws -> Result?
    ) async throws -> PasswordProof<Result> {
        let browser =
            session.map { "session \($0.id)" }
            ?? browsers.identifier(in: cookies.value(of: cookies.browser, in: request), for: email)
        let attempt = SignInAttempt(
            email: email, origin: browser.map { .knownBrowser($0) } ?? .network(request.peer.network),
            countsNetwork: request.countedNetwork != nil)
        if let wait = try await throttle.begin(attempt, at: now) {
            log.info("a password from \(request.peer.host) was not looked at: too many were tried")
            return .tooEarly(wait: wait)
        }
        var isProven = false
        do {
            let result = try await accounts.authenticate(email: email, password: password, at: now) { proof in
                if !isProven { try await throttle.succeeded(attempt, at: now) }
                isProven = true
                return try await use(proof)
            }
            return result.map { .proven($0) } ?? .wrong
        } catch {
            if !isProven { await throttle.withdrawn(attempt, at: now) }
            throw error
        }
    }

    /// The answer to a form that came too soon. It is the same for every account (ASVS 6.3.8).
    func tooEarly(_ page: some Page, wait: Duration, _ request: Request, at now: NumericDate) -> Response {
        let id = errors.note(
            .tooManyAttempts, .tooManyRequests, of: request, at: now, detail: WaitPhrase(wait).sentence)
        var response = pages.html(page, .tooManyRequests)
        response.fields.append(.tesseraRefusal, id.description)
        response.fields.append(.retryAfter, "\(WaitPhrase(wait).seconds)")
        return response
    }
}
