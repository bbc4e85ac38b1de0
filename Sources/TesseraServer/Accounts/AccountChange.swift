import TesseraCore
import TesseraHTTP

/// Changes the account of a caller, for a program that embeds the authority.
struct AccountChange: Sendable {
    let users: any UserStore
    let accounts: Accounts
    let authenticator: Authenticator

    /// Writes the name, address and role of an account; see ``Authority/update(_:for:_:)``.
    func update(
        _ user: User, for caller: Caller, _ request: Request
    ) async throws -> Bool {
        let now = authenticator.clock.now
        guard let present = try await users.user(user.id) else { return false }
        if present.email != user.email {
            switch caller {
            case .session(let session, _) where authenticator.isFresh(session, at: now): break
            case .session(_, let person): throw Refused.signInTooOld(owner: person.id)
            case .token:
                throw Refused.notPermitted(
                    caller,
                    "A token cannot change an e-mail address. Sign in, and change it with your password")
            }
        }
        return try await accounts.update(user, by: caller.authorization, from: request.peer.host, at: now)
    }
}
