import TesseraCore
import TesseraHTTP
import TesseraTime

/// The tokens of a person, found and changed for their owner alone, by pages and by the API.
struct OwnTokens: Sendable {
    let store: any TokenStore
    let desk: TokenDesk
    let authenticator: Authenticator

    /// The token of this user with this identifier. A token of another user does not exist here: 404.
    func token(_ text: String, of user: User) async throws -> AccessToken {
        let missing = HTTPError(.notFound, "You have no such token.")
        guard let id = AccessToken.ID(text) else { throw missing }
        guard let token = try await store.token(id) else { throw missing }
        guard token.owner == user.id else { throw missing }
        return token
    }

    /// Changes a token for its owner. A session whose log-in is old may only reduce what the token can do.
    ///
    /// Every change of a token goes through here, by page or by API, so that none is made without that rule.
    ///
    /// - Throws: ``TokenDesk/GivesMore`` where a fresh password is needed, and what
    ///   ``TokenDesk/change(_:_:onlyReducing:limit:by:from:at:)`` throws.
    func change(
        _ token: AccessToken, _ correction: TokenDesk.Correction, for caller: Caller, _ request: Request,
        at now: NumericDate
    ) async throws -> AccessToken {
        let isOld =
            if case .session(let session, _) = caller { !authenticator.isFresh(session, at: now) } else {
                false
            }
        do {
            return try await desk.change(
                token, correction, onlyReducing: isOld, limit: caller.limit(changing: token),
                by: caller.authorization, from: request.peer.host, at: now)
        } catch let error as ScopeExceeded {
            throw Refused.notPermitted(caller, error.sentence)
        }
    }
}
