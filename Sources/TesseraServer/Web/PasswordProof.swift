import TesseraCore
import TesseraHTTP
import TesseraHosting
import TesseraJOSE
import TesseraOpenAPI

/// The result of a password that was given, and of the change that rests on it.
enum PasswordProof<Result> {
    case proven(Result)
    /// There is no such account, it is disabled, or the password is another: all the same (N210).
    case wrong
    /// Too much was tried; the password was not looked at.
    case tooEarly(wait: Duration)
}

extension Authority {
    /// Checks a password, unless too many were tried, and makes the change that rests on it. Every form that asks for a
    /// password goes through here.
    ///
    /// - Parameters:
    ///   - email: As typed.
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
        let id = note(
            .tooManyAttempts, .tooManyRequests, of: request, at: now, detail: WaitPhrase(wait).sentence)
        var response = html(page, .tooManyRequests)
        response.fields.append(.tesseraRefusal, id.description)
        response.fields.append(.retryAfter, "\(WaitPhrase(wait).seconds)")
        return response
    }
}

/// How long to wait, as people say it.
struct WaitPhrase {
    /// In whole seconds, at least one.
    let seconds: Int64

    init(_ wait: Duration) {
        let (seconds, attoseconds) = wait.components
        self.seconds = max(1, seconds.addingClamped(attoseconds > 0 ? 1 : 0))
    }

    /// As in "Too many attempts. Try again in 3 minutes."
    var sentence: String { "Too many attempts. Try again in \(text)." }

    private var text: String {
        func count(_ unit: Int64, _ name: String) -> String {
            // Whoever comes back when told must not be too early.
            let number = (seconds - 1) / unit + 1
            return number == 1 ? "1 \(name)" : "\(number) \(name)s"
        }
        return switch seconds {
        case ..<91: count(1, "second")
        case ..<5_400: count(60, "minute")
        default: count(3_600, "hour")
        }
    }
}
