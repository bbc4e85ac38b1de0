import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraTime

/// Starts the session of a person whose password was just verified.
struct SessionStart: Sendable {
    let sessions: SessionDesk
    let cookies: CookieNames
    let browsers: KnownBrowsers
    let random: RandomSource

    /// Starts a session for the person whose password was verified, and sends them on; `nil` when the account has changed
    /// since.
    func start(
        _ proof: SignInProof, _ request: Request, next: String, at now: NumericDate
    ) async throws -> Response? {
        let started = try await sessions.start(
            proof, userAgent: request.fields[.userAgent] ?? "", address: request.peer.host, at: now)
        guard let cookie = started?.cookie else { return nil }
        let user = proof.user
        var response = Response.redirect(to: next)
        response.set(try cookies.make(cookies.session, cookie, lifetime: sessions.limits.absolute))
        response.set(try cookies.make(cookies.visitor, nil))
        if browsers.identifier(in: cookies.value(of: cookies.browser, in: request), for: user.email) == nil {
            let mark = browsers.mark(for: user.email, random: random)
            response.set(try cookies.make(cookies.browser, mark, lifetime: KnownBrowsers.lifetime))
        }
        return response
    }
}
