import TesseraBearer
import TesseraCore
import TesseraHTTP

/// The challenges of 401 and 403 responses (RFC 6750 §3). Challenges that do not depend on the request are made once,
/// together with their responses, so that a flood of bad tokens stays cheap.
struct PreparedChallenges: Sendable {
    /// A complete response, except for the identifier of its refusal.
    final class Prepared: Sendable {
        let fields: Fields
        let problem: ProblemTemplate

        init(fields: Fields, problem: ProblemTemplate) {
            self.fields = fields
            self.problem = problem
        }
    }

    private let realm: String
    private let plain: String
    /// The responses in the order of ``Refused/InvalidToken``.
    private let invalidToken: [Prepared]

    init(realm: String) {
        self.realm = realm
        plain = BearerChallenge(realm: realm).fieldValue
        invalidToken = Refused.InvalidToken.allCases.map { told in
            let challenge = BearerChallenge(realm: realm, error: .invalidToken, errorDescription: told.detail)
            return Prepared(
                fields: [.contentType: ProblemTemplate.mediaType, .wwwAuthenticate: challenge.fieldValue],
                problem: ProblemTemplate(.unauthorized, detail: told.detail + "."))
        }
    }

    /// The answer to a program, as far as it can be known before the request.
    func answer(to refused: Refused) -> Prepared {
        if case .invalidToken(let told) = refused.challenge { return invalidToken[told.rawValue] }
        var fields: Fields = [.contentType: ProblemTemplate.mediaType]
        if let challenge = challenge(for: refused) { fields.append(.wwwAuthenticate, challenge) }
        return Prepared(
            fields: fields, problem: ProblemTemplate(refused.status, detail: refused.detail + "."))
    }

    /// The value of `WWW-Authenticate`, or `nil` where other credentials would not help.
    func challenge(for refused: Refused) -> String? {
        switch refused.challenge {
        case .none: nil
        case .plain: plain
        case .invalidToken(let told):
            BearerChallenge(realm: realm, error: .invalidToken, errorDescription: told.detail).fieldValue
        case .insufficientScope:
            BearerChallenge(
                realm: realm, error: .insufficientScope, errorDescription: refused.detail,
                scope: refused.needed?.tokens.map(\.text) ?? []
            ).fieldValue
        }
    }
}
