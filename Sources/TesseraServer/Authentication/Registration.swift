public import TesseraCore
public import TesseraHTTP
import TesseraHosting

extension Authority {
    /// Opens an account for whoever asks, whether or not `/register` exists.
    ///
    /// That an address is taken is said as such. Without mail there is no other way to tell its owner than to tell
    /// everybody, and an answer that says nothing would leave people with an account that they cannot enter. So that
    /// nobody learns of many addresses, attempts are counted for each network before the address is looked for. What
    /// cannot be an account is refused before that, and costs nothing.
    ///
    /// - Parameters:
    ///   - email: As typed.
    ///   - username: As typed.
    ///   - password: As typed; all of it counts.
    ///   - request: Where it is asked for.
    ///   - authorization: That of the caller, if there is one; `nil` for the new user themselves.
    /// - Returns: The new user, with the proof for their first session.
    /// - Throws: ``InvalidInput`` with everything that is wrong with the input, ``TooManyAttempts``, ``StoreError``,
    ///   `PasswordError`.
    public func openAccount(
        email: String, username: String, password: String, for request: Request,
        by authorization: Authorization? = nil
    ) async throws -> SignInProof {
        try await admitRegistration(email: email, username: username, password: password, for: request)
        return try await accounts.add(
            email: email, username: username, password: password, by: authorization,
            from: request.peer.host, at: clock.now)
    }

    /// Looks at an application for an account before anything is stored for it, and counts it.
    ///
    /// - Throws: ``InvalidInput`` with everything that is wrong with the input, ``TooManyAttempts``, ``StoreError``.
    func admitRegistration(
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

/// Too much was tried in too short a time: 429 with `Retry-After`.
public struct TooManyAttempts: Error, Sendable {
    /// How long to wait before it may be tried again.
    public let wait: Duration

    var sentence: String { WaitPhrase(wait).sentence }
}
