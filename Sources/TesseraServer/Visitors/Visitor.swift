import TesseraCore
import TesseraTime

/// The visitor at a page: a person with a session, or a visitor without one.
struct Visitor: Sendable {
    let session: Session?
    let user: User?
    /// The cookie that the forms of this visitor are bound to.
    let cookie: String
    /// Indicates that the cookie must still be sent.
    let isNew: Bool
    let now: NumericDate

    var csrf: String { CSRFToken.derive(from: cookie) }

    /// The context of a page for this visitor.
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
