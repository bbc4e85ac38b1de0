public import TesseraCore
import TesseraTime

/// The caller of a request, after the check.
public enum Caller: Sendable {
    /// A person in a browser, who may do all that they may do.
    indirect case session(Session, User)
    /// A program, which may do no more than its token.
    case token(VerifiedAccessToken)

    /// The user whose request it is.
    public var user: User {
        switch self {
        case .session(_, let user): user
        case .token(let token): token.person
        }
    }

    /// The expiry of the token of the request; `nil` for never, and for a session.
    var tokenExpiry: NumericDate? {
        switch self {
        case .session: nil
        case .token(let token): token.expiresAt
        }
    }

    /// The authority for a change that the caller asks for. The method that makes the change repeats the check of the caller
    /// (see ``Authorization``), so that nothing happens for credentials that have ended meanwhile.
    public var authorization: Authorization {
        switch self {
        case .session(let session, let user): .session(session.id, of: user)
        case .token(let token): .token(token.id, of: token.person)
        }
    }

    /// A caller with a token that was accepted.
    ///
    /// - Throws: ``Refused`` for the token of a client itself, which stands for no person.
    static func admitting(_ token: VerifiedAccessToken) throws(Refused) -> Caller {
        guard token.rights.isOfUser else { throw .personNeeded(token) }
        return .token(token)
    }

    /// The scope that a token may have at most to which this caller gives more; `nil` for no limit: for a person, and for a
    /// token that does it to itself.
    func limit(changing token: AccessToken) -> Scope? {
        guard case .token(let verified) = self, verified.id != token.id else { return nil }
        return verified.scope
    }
}

extension VerifiedAccessToken {
    /// The user of a token with which a caller was admitted (``Caller/admitting(_:)``).
    fileprivate var person: User {
        guard let owner else { preconditionFailure("no caller is admitted with the token of a client") }
        return owner
    }
}
