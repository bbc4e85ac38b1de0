import TesseraCore
import TesseraHTTP
import TesseraJOSE

/// What came of somebody's wish to prove who they are by a password.
enum PasswordProof {
    case proven(User)
    /// There is no such account, it is disabled, or the password is another: all the same (N210).
    case wrong
    /// Too much was tried; the password was not looked at.
    case tooEarly(wait: Duration)
}

extension Authority {
    /// Checks a password, unless too many were tried. Whoever asks for a password goes through here.
    ///
    /// - Parameters:
    ///   - email: As typed.
    ///   - session: The session in which it is asked for again: a browser that is known.
    func prove(
        email: String, password: String, in session: Session? = nil, _ request: Request, at now: NumericDate
    ) async throws -> PasswordProof {
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
        let user: User?
        do {
            user = try await accounts.authenticate(email: email, password: password, at: now)
        } catch {
            await throttle.withdrawn(attempt, at: now)
            throw error
        }
        guard let user else { return .wrong }
        try await throttle.succeeded(attempt, at: now)
        return .proven(user)
    }

    /// What somebody who has to wait is told. The same for every account (N210).
    func tooEarly(_ page: some Page, wait: Duration) -> Response {
        var response = html(page, .tooManyRequests)
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
        self.seconds = max(1, seconds + (attoseconds > 0 ? 1 : 0))
    }

    /// As in "Too many attempts. Try again in 3 minutes."
    var sentence: String { "Too many attempts. Try again in \(text)." }

    private var text: String {
        func count(_ unit: Int64, _ name: String) -> String {
            // Whoever comes back when told must not be too early.
            let number = (seconds + unit - 1) / unit
            return number == 1 ? "1 \(name)" : "\(number) \(name)s"
        }
        return switch seconds {
        case ..<91: count(1, "second")
        case ..<5_400: count(60, "minute")
        default: count(3_600, "hour")
        }
    }
}
