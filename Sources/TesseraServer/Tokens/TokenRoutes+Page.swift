import TesseraCore
import TesseraHTTP
import TesseraTime

/// The page of one token.
extension TokenRoutes {
    /// `GET /settings/tokens/ID`
    func showToken(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let token = try await own.token(request.parameters["id"], of: person.user)
        let notice: String? =
            switch try request.queryParameters().text("done") {
            case "renamed": "The token has its new name."
            case "expiry": "Its expiry is changed."
            case "kept": "Its expiry stays as it was."
            case "disabled": "The token is disabled. It is refused until you enable it."
            case "enabled": "The token is enabled."
            case "ended": "The token has ended. It is refused from now on."
            default: nil
            }
        return pages.html(try await tokenPage(of: token.id, for: person, notice: notice))
    }

    /// The page of a token, read anew; `problem` is the reason why an action was not done.
    func tokenPage(
        of id: AccessToken.ID, for person: SignedInVisitor, notice: String? = nil, problem: String? = nil
    ) async throws -> TokenPage {
        let token = try await own.token(id.description, of: person.user)
        let now = person.now
        let older = try await relative(token.replaces)
        let newer = try await relative(token.replacedBy)
        return TokenPage(
            context: person.context(notice: notice), token: summaries.summary(of: token, at: now),
            history: .init(
                replaces: older.map { kin($0, at: now) }, replacedBy: newer.map { kin($0, at: now) },
                disabled: token.suspendedAt),
            metadata: token.metadata.entries.map { .init(name: $0.name, text: $0.text) },
            canBeRotated: token.kind == .personal && token.canBeReplaced(at: now),
            quietTime: quietTime(of: token, besides: newer),
            newLikeThis: Self.formFilledIn(like: token), problem: problem)
    }

    /// A token of the same line; `nil` when there is none to look for.
    private func relative(_ id: AccessToken.ID?) async throws -> Relative? {
        guard let id else { return nil }
        let token = try await store.token(id)
        guard let token else { return .deleted }
        return .known(token)
    }

    private enum Relative {
        case known(AccessToken)
        case deleted
    }

    private func kin(_ relative: Relative, at now: NumericDate) -> TokenPage.Relative {
        switch relative {
        case .known(let token): .known(summaries.summary(of: token, at: now))
        case .deleted: .deleted
        }
    }

    /// The time without use after which a replaced token ends early, in words.
    private func quietTime(of token: AccessToken, besides newer: Relative?) -> String? {
        guard case .known(let successor) = newer else { return nil }
        guard let time = tokens.policy.quietTime(of: TokenOverlap(old: token, successor: successor)) else {
            return nil
        }
        // Half an overlap needs no seconds.
        let seconds = time.components.seconds
        return Lifetime.words(for: .seconds(seconds < 3_600 ? seconds : (seconds + 1_800) / 3_600 * 3_600))
    }

    /// The form that makes a token, filled in like this one.
    static func formFilledIn(like token: AccessToken) -> String {
        let fields = [("name", token.name.text)] + token.scope.tokens.map { ("scopes", $0.text) }
        return "/settings/tokens/new?" + FormEncoding.encode(fields)
    }
}
