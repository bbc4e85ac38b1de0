import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraJOSE
import TesseraTime

/// Answers a request for a page from a person who is signed in.
typealias PageHandler = @Sendable (Request, SignedInVisitor) async throws -> Response
/// Answers a form from a person who is signed in.
typealias FormHandler = @Sendable (Request, FormParameters, SignedInVisitor) async throws -> Response

/// Finds the visitor of each request for a page, and makes the handlers of pages and forms.
final class PageAccess: Sendable {
    let authenticator: Authenticator
    private let sessions: SessionDesk
    private let cookies: CookieNames
    private let site: SitePath
    private let bodyLimit: Int
    private let clock: WallClock
    private let random: RandomSource

    init(authenticator: Authenticator, sessions: SessionDesk, random: RandomSource) {
        self.authenticator = authenticator
        self.sessions = sessions
        cookies = authenticator.cookies
        site = authenticator.configuration.sitePath
        bodyLimit = authenticator.configuration.bodyLimit
        clock = authenticator.clock
        self.random = random
    }

    /// Makes a handler of a page for visitors and people who are signed in.
    func visit(_ handler: @escaping @Sendable (Request, Visitor) async throws -> Response) -> Handler {
        { [self] request in
            let visitor = try await self.visitor(of: request)
            var response = try await handler(request, visitor)
            if visitor.isNew { response.set(try cookies.make(cookies.visitor, visitor.cookie)) }
            return response
        }
    }

    /// Makes a handler of a page for people who are signed in; others are sent to sign in and come back.
    func page(_ handler: @escaping PageHandler) -> Handler {
        { [self] request in
            guard let person = try await signedInVisitor(of: request) else { return signInFirst(request) }
            return try await handler(request, person)
        }
    }

    /// Makes a handler of a form that people who are signed in send. The proof that a page of ours sent it is required
    /// here, so that no form can forget it.
    ///
    /// A session that ends before the form has arrived, or before it has changed anything, is answered like one that ended
    /// before the request.
    func form(_ handler: @escaping FormHandler) -> Handler {
        { [self] request in
            guard var person = try await signedInVisitor(of: request) else { return signInFirst(request) }
            let form = try await request.form(upTo: bodyLimit)
            if !request.body.hasArrived {
                guard let present = try await signedInVisitor(of: request) else {
                    return signInFirst(request)
                }
                person = present
            }
            try authenticator.requireOwnPage(
                request, cookie: person.visitor.cookie, token: try form.text("csrf"),
                user: person.user)
            do {
                return try await handler(request, form, person)
            } catch let error as StoreError where error.code == .authorizationEnded {
                return signInFirst(request)
            }
        }
    }

    /// The person at the page; `nil` for a visitor who is not signed in.
    private func signedInVisitor(of request: Request) async throws -> SignedInVisitor? {
        let visitor = try await self.visitor(of: request)
        guard let session = visitor.session, let user = visitor.user else { return nil }
        return SignedInVisitor(session: session, user: user, visitor: visitor)
    }

    /// The visitor at the page, with or without a session.
    func visitor(of request: Request) async throws -> Visitor {
        let now = clock.now
        if let cookie = cookies.value(of: cookies.session, in: request),
            let (session, user) = try await sessions.authenticate(cookie: cookie, at: now)
        {
            return Visitor(session: session, user: user, cookie: cookie, isNew: false, now: now)
        }
        if let cookie = cookies.value(of: cookies.visitor, in: request), cookie.utf8.count == 43 {
            return Visitor(session: nil, user: nil, cookie: cookie, isNew: false, now: now)
        }
        let cookie = Base64URL.encode(random.bytes(32))
        return Visitor(session: nil, user: nil, cookie: cookie, isNew: true, now: now)
    }

    private func signInFirst(_ request: Request) -> Response {
        signInFirst(next: request.method == .get ? request.target : request.path)
    }

    /// Sends a browser to sign in, and then on to `next`.
    func signInFirst(next: String) -> Response {
        .redirect(to: "/login?next=" + PercentEncoding.queryValue(next))
    }

    /// The address that follows a sign-in: a path of this site, or the usual one where another site was asked for.
    ///
    /// `//host` and `/\host` would lead to another site.
    static func localTarget(_ asked: String?) -> String {
        guard let asked, asked.utf8.count <= 2_000, asked.utf8.first == UInt8(ascii: "/"),
            !asked.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: "\\") }),
            asked.utf8.dropFirst().first != UInt8(ascii: "/")
        else { return "/settings/tokens" }
        return asked
    }

    /// The answer that shows a page.
    func html(_ page: some Page, _ status: Status = .ok) -> Response {
        Response(status, "text/html; charset=utf-8", page.render(at: site))
    }
}

extension Response {
    /// An answer that sends a browser on with GET (RFC 9110 §15.4.4).
    static func redirect(to target: String) -> Response {
        Response(.seeOther, fields: [.location: target])
    }
}

extension Request {
    /// The path and the query, as an address of this site.
    var target: String { query.map { "\(path)?\($0)" } ?? path }
}
