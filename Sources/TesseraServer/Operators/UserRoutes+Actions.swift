import TesseraCore
import TesseraHTTP
import TesseraText

/// The pages on which operators end the sessions and tokens of an account, or disable it.
extension UserRoutes {
    /// `GET /admin/users/ID/ACTION`
    func showAction(_ action: UserAction) -> PageHandler {
        { [self] request, person in
            let user = try await otherUser(request.parameters["id"], than: person)
            return pages.html(
                UserActionPage(
                    context: person.context(), action: action, user: user.summary(for: person),
                    sessions: try await sessions.summaries(of: user, for: person),
                    tokens: try await summaries.summaries(of: action.tokens, of: user, at: person.now)))
        }
    }

    /// `POST /admin/users/ID/ACTION`
    func perform(_ action: UserAction) -> FormHandler {
        { [self] request, _, person in
            let user = try await otherUser(request.parameters["id"], than: person)
            let (authorization, place) = (person.authorization, request.peer.host)
            switch action {
            case .disable, .enable:
                _ = try await accounts.setDisabled(
                    action == .disable, user: user.id, by: authorization, from: place, at: person.now)
            case .endSessions:
                _ = try await sessions.endAll(
                    of: user.id, except: nil, by: authorization, from: place, at: person.now)
            case .revokeTokens:
                _ = try await tokens.revokeAll(of: user.id, by: authorization, from: place, at: person.now)
            }
            return .redirect(to: "/admin/users/\(user.id)?done=\(action.rawValue)")
        }
    }

    /// The user of a path, who is not the operator. Operators end their own sessions and tokens in their settings, and
    /// cannot disable themselves, so that the last operator stays.
    private func otherUser(_ text: String, than person: SignedInVisitor) async throws -> User {
        let user = try await user(text)
        guard user.id != person.user.id else {
            throw HTTPError(.conflict, "This is your own account. Another operator can do this to it.")
        }
        return user
    }
}

extension UserAction {
    /// The tokens for which something changes: a revocation also ends disabled ones, the rest concerns those that can be used.
    fileprivate var tokens: TokenGroup { self == .revokeTokens ? .living : .active }
}
