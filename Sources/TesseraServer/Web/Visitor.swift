import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraJOSE
import TesseraTime

/// Somebody at a page: a person with a session, or a visitor without one.
struct Visitor: Sendable {
    let session: Session?
    let user: User?
    /// What the forms of this visitor are bound to.
    let cookie: String
    /// Whether the cookie must still be sent.
    let isNew: Bool
    let now: NumericDate

    var csrf: String { CSRFToken.derive(from: cookie) }

    /// What a page needs to know of the visitor.
    func context(notice: String? = nil) -> PageContext {
        PageContext(
            now: now, person: user.map { .init(email: $0.email.text, isOperator: $0.isOperator) }, csrf: csrf,
            notice: notice)
    }
}

/// A person at a page that needs a session.
struct SignedInVisitor: Sendable {
    let session: Session
    let user: User
    let visitor: Visitor

    var now: NumericDate { visitor.now }
    /// The person as the caller of what pages and the API have in common.
    var caller: Caller { .session(session, user) }
    /// The authority for a change that the person asks for; see ``Caller/authorization``.
    var authorization: Authorization { .session(session.id, of: user) }
    func context(notice: String? = nil) -> PageContext { visitor.context(notice: notice) }
}

/// Answers a request for a page from somebody who is signed in.
typealias PageHandler = @Sendable (Request, SignedInVisitor) async throws -> Response
/// Answers a form that somebody sends who is signed in.
typealias FormHandler = @Sendable (Request, FormParameters, SignedInVisitor) async throws -> Response

extension Authority {
    /// Makes a handler of a page that everybody may see.
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
            let form = try await request.form(upTo: configuration.bodyLimit)
            if !request.body.hasArrived {
                guard let present = try await signedInVisitor(of: request) else {
                    return signInFirst(request)
                }
                person = present
            }
            try requireOwnPage(
                request, cookie: person.visitor.cookie, token: try single("csrf", in: form),
                user: person.user)
            do {
                return try await handler(request, form, person)
            } catch let error as StoreError where error.code == .authorizationEnded {
                return signInFirst(request)
            }
        }
    }

    /// The person at the page; `nil` when nobody is signed in there.
    private func signedInVisitor(of request: Request) async throws -> SignedInVisitor? {
        let visitor = try await self.visitor(of: request)
        guard let session = visitor.session, let user = visitor.user else { return nil }
        return SignedInVisitor(session: session, user: user, visitor: visitor)
    }

    /// Who is at the page.
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
        redirect(to: "/login?next=" + PercentEncoding.queryValue(next))
    }

    /// Sends a browser on with GET (N022).
    func redirect(to target: String) -> Response {
        Response(.seeOther, fields: [.location: target])
    }

    func html(_ page: some Page, _ status: Status = .ok) -> Response {
        Response(status, "text/html; charset=utf-8", page.render(at: configuration.sitePath))
    }
}
