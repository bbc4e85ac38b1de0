import TesseraBearer
import TesseraCore
import TesseraHTTP
import TesseraOpenAPI
import TesseraTime

/// The credentials of a request, and the caller whom they name.
extension Authenticator {
    /// The result of good credentials, or of none. Bad credentials are thrown.
    enum Authentication {
        case known(Caller)
        /// The request has no usable credentials; ``absence(in:sessionEnded:)`` tells the reason where some are needed.
        case anonymous(sessionEnded: Bool)
    }

    /// Finds the caller of a request, by a token or by a session.
    ///
    /// A field `Authorization` decides when there is one, and the cookie is not looked at. A session that changes
    /// something must prove that a page of ours asked for it.
    func authenticate(
        _ request: Request, needing needed: Scope, at now: NumericDate
    ) async throws -> Authentication {
        switch try credentials(of: request) {
        case .bearer(let presented):
            switch try await checker.check(presented, for: needed, at: now, from: request.peer.client) {
            case .accepted(let token): return .known(try .admitting(token))
            case .refused(let rejection): throw Refused(rejection)
            }
        case .malformed: throw Refused(TokenCheck.Rejection.malformed)
        case .otherScheme:
            throw Refused.foreignScheme(Self.hint(forScheme: request.fields[.authorization] ?? ""))
        case .absent: return try await authenticateSession(of: request, at: now)
        }
    }

    private func credentials(of request: Request) throws(Refused) -> BearerCredentials {
        let count = request.fields.count(of: .authorization)
        guard count > 0 else { return .absent }
        guard count == 1 else { throw .severalCredentials }
        let field = request.fields[.authorization]
        // It was sent by a client that means to be known, so that the cookie does not stand in for it.
        if field?.isEmpty == true { throw .emptyAuthorization }
        return BearerCredentials(field: field)
    }

    private func authenticateSession(of request: Request, at now: NumericDate) async throws -> Authentication
    {
        guard let cookie = cookies.value(of: cookies.session, in: request) else {
            return .anonymous(sessionEnded: false)
        }
        guard let (session, user) = try await sessions.authenticate(cookie: cookie, at: now) else {
            return .anonymous(sessionEnded: true)
        }
        if !request.method.isSafe {
            try requireOwnPage(request, cookie: cookie, token: request.fields[.csrfToken], user: user)
        }
        return .known(.session(session, user))
    }

    /// Refuses a change by a browser unless `token`, which is derived from `cookie`, proves that a page of ours asked.
    func requireOwnPage(
        _ request: Request, cookie: String, token: String?, user: User? = nil
    ) throws(Refused) {
        guard !CSRFToken.isFromElsewhere(request, issuer: configuration.issuer) else {
            throw .otherSite(request, owner: user?.id)
        }
        guard CSRFToken.isValid(token, for: cookie) else {
            // A visitor whose browser keeps no cookies gets another one with each page.
            guard request.cookies.pairs.contains(where: { $0.value == cookie }) else {
                let isInsecure = configuration.isHTTPS && request.fields[.origin]?.hasPrefix("http:") == true
                throw .cookieMissing(opening: isInsecure ? configuration.issuer : nil)
            }
            throw .forgedForm(owner: user?.id)
        }
    }
}
