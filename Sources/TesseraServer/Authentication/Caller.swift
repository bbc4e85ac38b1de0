public import TesseraCore
import TesseraJOSE

/// Who makes a request, after it was checked.
public enum Caller: Sendable {
    /// A person in a browser, who may do all that they may do.
    indirect case session(Session, User)
    /// A program, which may do no more than its token.
    case token(VerifiedAccessToken)

    /// Whose request it is.
    public var user: User {
        switch self {
        case .session(_, let user): user
        case .token(let token): token.owner
        }
    }

    /// When the token expires with which the request was made; `nil` for never, and for a session.
    var tokenExpiry: NumericDate? {
        switch self {
        case .session: nil
        case .token(let token): token.expiresAt
        }
    }

    /// Whose hand it is, for audit events.
    public var actor: Actor {
        switch self {
        case .session(_, let user): .user(user.id)
        case .token(let token): .token(token.id)
        }
    }
}
