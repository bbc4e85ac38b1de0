import TesseraCore
import TesseraHTTP
import TesseraHosting

/// Opens the accounts that people ask for themselves, within the limits of the throttle.
struct Registration: Sendable {
    let accounts: Accounts
    let throttle: SharedThrottle
    let clock: WallClock
    let log: Log

    /// Opens an account; see ``Authority/openAccount(email:username:password:for:by:)``.
    func open(
        email: String, username: String, password: String, for request: Request,
        by authorization: Authorization? = nil
    ) async throws -> SignInProof {
        try await admit(email: email, username: username, password: password, for: request)
        return try await accounts.add(
            email: email, username: username, password: password, by: authorization,
            from: request.peer.host, at: clock.now)
    }

    /// Checks an application for an account and counts it; throws ``InvalidInput`` or ``TooManyAttempts``.
    func admit(
        email: String, username: String, password: String, for request: Request
    ) async throws {
        let now = clock.now
        _ = try accounts.validate(email: email, username: username, password: password)
        if let wait = try await throttle.beginRegistration(from: request.countedNetwork, at: now) {
            log.info("an account was not opened from \(request.peer.host): too many were tried")
            throw TooManyAttempts(wait: wait)
        }
    }
}
