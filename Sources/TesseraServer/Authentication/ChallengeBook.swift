import TesseraBearer
import TesseraCore

/// The challenges of 401 and 403, RFC 6750 §3. Those that do not depend on the request are written once, because a flood
/// of bad tokens asks for nothing else.
struct ChallengeBook: Sendable {
    private let realm: String
    private let plain: String
    private let invalidToken: [String: String]

    init(realm: String) {
        self.realm = realm
        plain = BearerChallenge(realm: realm).fieldValue
        let details = Refused.invalidTokenDetails
        invalidToken = Dictionary(
            uniqueKeysWithValues: details.map { detail in
                (
                    detail,
                    BearerChallenge(realm: realm, error: .invalidToken, errorDescription: detail).fieldValue
                )
            })
    }

    /// The value of `WWW-Authenticate`, or `nil` where other credentials would not help.
    func challenge(for refused: Refused) -> String? {
        switch refused.challenge {
        case .none: nil
        case .plain: plain
        case .invalidToken: invalidToken[refused.detail]
        case .insufficientScope:
            BearerChallenge(
                realm: realm, error: .insufficientScope, errorDescription: refused.detail,
                scope: refused.needed?.tokens.map(\.text) ?? []
            ).fieldValue
        }
    }
}
