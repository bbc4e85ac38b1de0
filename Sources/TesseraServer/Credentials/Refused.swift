import TesseraCore
import TesseraHTTP
import TesseraTime

/// A request is refused for who makes it. Thrown by the authenticator and by handlers; `ErrorResponses.swift` turns it
/// into an answer and keeps the reason.
public struct Refused: Error, Sendable {
    let cause: RefusalCause
    let status: Status
    /// The sentence that the client is told.
    let detail: String
    /// The RFC 6750 error code for the challenge, if there is one.
    let challenge: Challenge
    var token: AccessToken.ID?
    var owner: User.ID?
    var needed: Scope?
    var held: Scope?
    var since: NumericDate?
    /// Which page asked, when it was another site's.
    var origin: String?
    var hint: RefusalHint?

    enum Challenge: Sendable {
        /// No challenge at all, because other credentials would not help.
        case none
        /// Asks for credentials, without an error: none were sent (RFC 6750 §3.1).
        case plain
        case invalidToken(InvalidToken)
        case insufficientScope
    }

    /// The answer about a token that is not accepted. Only its owner learns more.
    enum InvalidToken: Int, Sendable, CaseIterable {
        case malformed, unknown, revoked, expired

        var detail: String {
            switch self {
            case .malformed: "The access token is malformed"
            case .unknown: "The access token is unknown"
            case .revoked: "The access token was revoked"
            case .expired: "The access token expired"
            }
        }
    }

    init(_ cause: RefusalCause, _ status: Status, _ detail: String, challenge: Challenge = .none) {
        self.cause = cause
        self.status = status
        self.detail = detail
        self.challenge = challenge
    }

    static let nothingSent = Refused(
        .nothingSent, .unauthorized, "An access token is needed", challenge: .plain)
    static let sessionEnded = Refused(
        .sessionEnded, .unauthorized, "The session has ended", challenge: .plain)
    static let cookieOnly = Refused(
        .cookieOnly, .unauthorized, "An access token is needed, or a session", challenge: .plain)
    static let tokenInQuery = Refused(
        .tokenInQuery, .unauthorized, "An access token is needed, in the field Authorization",
        challenge: .plain)
    /// No credentials that could be wrong: a challenge without an error (RFC 6750 §3.1).
    static let emptyAuthorization = Refused(
        .nothingSent, .unauthorized, "An access token is needed; the field Authorization is empty",
        challenge: .plain)
    static let severalCredentials = Refused(
        .severalCredentials, .badRequest, "There is more than one field Authorization")

    static func foreignScheme(_ hint: RefusalHint?) -> Refused {
        var refused = Refused(
            .foreignScheme, .unauthorized, "The field Authorization has another scheme than Bearer",
            challenge: .plain)
        refused.hint = hint
        return refused
    }

    static func originNotAllowed(_ origin: String) -> Refused {
        var refused = Refused(
            .originNotAllowed, .unauthorized, "An access token is needed", challenge: .plain)
        refused.origin = origin
        return refused
    }

    static func preflight(from origin: String) -> Refused {
        var refused = Refused(.originNotAllowed, .forbidden, "Pages of this origin may not call this API")
        refused.origin = origin
        refused.hint = .preflight
        return refused
    }

    static func forgedForm(owner: User.ID?) -> Refused {
        var refused = Refused(
            .forgedForm, .forbidden, "The form token is missing or wrong. Reload the page and try again")
        refused.owner = owner
        return refused
    }

    /// A form arrived without the cookie of its form token. `issuer` is the https address, if the page was opened over http.
    static func cookieMissing(opening issuer: String?) -> Refused {
        var refused = Refused(
            .cookieMissing, .forbidden,
            issuer.map { "The browser sent no cookie, because this page was opened over http. Open \($0)" }
                ?? "The browser sent no cookie with the form. Allow cookies for this site and reload the page"
        )
        refused.hint = issuer == nil ? nil : .insecureAddress
        return refused
    }

    /// A change was asked for from a page that is not one of this site, as far as the browser said.
    static func otherSite(_ request: Request, owner: User.ID?) -> Refused {
        let origin = request.fields[.origin]
        // A browser that sends Sec-Fetch-Site has compared the origins itself.
        let isCertain = request.fields.count(of: .secFetchSite) > 0
        let hint: RefusalHint? = isCertain ? nil : origin == "null" ? .opaqueOrigin : .hostDiffers
        let detail =
            switch hint {
            case .opaqueOrigin:
                "The browser did not say which page the request comes from. Reload the page and try again"
            case .hostDiffers: "The request comes from a page of another host than it was sent to"
            default: "The request comes from another site. Do this on a page of this one"
            }
        var refused = Refused(.otherSite, .forbidden, detail)
        refused.origin = origin
        refused.owner = owner
        refused.hint = hint
        return refused
    }

    /// The session is good, but its password was given too long ago for something sensitive.
    static func signInTooOld(owner: User.ID) -> Refused {
        var refused = Refused(
            .signInTooOld, .forbidden,
            "The password was given too long ago for this. Give it again at /login/confirm")
        refused.owner = owner
        return refused
    }

    /// The caller's credentials are valid, but the account may not do this: 403.
    ///
    /// - Parameter detail: The sentence that the client is told.
    public static func notPermitted(_ caller: Caller, _ detail: String) -> Refused {
        var refused = Refused(.notPermitted, .forbidden, detail)
        refused.owner = caller.user.id
        if case .token(let token) = caller { refused.token = token.id }
        return refused
    }

    /// The token of a client itself, where a person is needed: 403.
    static func personNeeded(_ token: VerifiedAccessToken) -> Refused {
        var refused = Refused(
            .personNeeded, .forbidden, "This needs a person, and the access token stands for an application")
        refused.token = token.id
        return refused
    }

    /// A user who is no operator asked for a page of operators. The answer is that of a path that does not exist.
    static func operatorsOnly(_ user: User) -> Refused {
        var refused = Refused(.notPermitted, .notFound, "There is nothing at this path")
        refused.owner = user.id
        return refused
    }

    /// The caller's credentials ended while the request was under way.
    static func ended(_ caller: Caller) -> Refused {
        guard case .token(let token) = caller else { return .sessionEnded }
        var refused = Refused(
            .revoked, .unauthorized, InvalidToken.revoked.detail, challenge: .invalidToken(.revoked))
        refused.token = token.id
        refused.owner = token.subject.user
        return refused
    }

    init(_ rejection: TokenCheck.Rejection) {
        func invalid(_ cause: RefusalCause, _ told: InvalidToken) -> Refused {
            Refused(cause, .unauthorized, told.detail, challenge: .invalidToken(told))
        }
        switch rejection {
        case .malformed: self = invalid(.malformed, .malformed)
        case .mistyped: self = invalid(.mistyped, .malformed)
        case .misplaced: self = invalid(.misplaced, .malformed)
        case .unknown: self = invalid(.unknown, .unknown)
        case .revoked(let token, let revokedAt):
            self = invalid(.revoked, .revoked)
            concern(token, since: revokedAt)
        case .expired(let token, let expiresAt):
            self = invalid(.expired, .expired)
            concern(token, since: expiresAt)
        case .suspended(let token, let suspendedAt):
            // Only its owner learns that it can be enabled again.
            self = invalid(.suspended, .revoked)
            concern(token, since: suspendedAt)
        case .ownerDisabled(let token):
            // Whether an account is disabled is its owner's and the operators' business.
            self = invalid(.ownerDisabled, .revoked)
            concern(token)
        case .insufficientScope(let token, let needed, let held):
            self.init(
                .insufficientScope, .forbidden, "The access token lacks a scope",
                challenge: .insufficientScope)
            concern(token)
            self.needed = needed
            self.held = held
        }
    }

    private mutating func concern(_ token: TokenReference, since: NumericDate? = nil) {
        self.token = token.id
        owner = token.subject.user
        self.since = since
    }
}
