import TesseraText
public import TesseraTime

/// A request that was refused, as it is kept for looking up afterwards. Never holds a credential.
public struct Refusal: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<Refusal>

    public let id: ID
    /// The instant of the refusal.
    public let at: NumericDate
    /// The reason for the refusal.
    public let cause: RefusalCause
    /// The status it was answered with.
    public let status: Int
    /// The method of the request, shortened.
    public let method: String
    /// The path without the query and without what could be a token, shortened to 200 characters.
    public let path: String
    /// The client's address.
    public let address: String
    /// The token it was about, if it was a stored one.
    public let token: AccessToken.ID?
    /// The user who made the request; `nil` for an unknown one.
    public let owner: User.ID?
    /// The scope that was needed, and the one that was held; for `insufficientScope`.
    public let needed: Scope?
    /// The scope of the token; `nil` for a refusal that is not about scopes.
    public let held: Scope?
    /// The instant at which the token expired or was revoked.
    public let since: NumericDate?
    /// The origin of the page that asked, as the browser named it; when it was another site's. Shortened to 200 characters.
    public let origin: String?
    /// A further observation; `nil` for none.
    public let hint: RefusalHint?
    /// The words of the answer, such as the violations of a body, without what could be a token, shortened to 500 characters.
    /// `nil` where the cause says everything.
    public let detail: String?

    public init(
        id: ID, at: NumericDate, cause: RefusalCause, status: Int, method: String, path: String,
        address: String,
        token: AccessToken.ID? = nil, owner: User.ID? = nil, needed: Scope? = nil, held: Scope? = nil,
        since: NumericDate? = nil, origin: String? = nil, hint: RefusalHint? = nil,
        detail: String? = nil
    ) {
        self.id = id
        self.at = at
        self.cause = cause
        self.status = status
        self.method = Redaction.excerpt(of: method, within: .method)
        self.path = Redaction.excerpt(of: path, within: .path)
        self.address = Redaction.excerpt(of: address, within: .address)
        self.token = token
        self.owner = owner
        self.needed = needed
        self.held = held
        self.since = since
        self.origin = origin.map { Redaction.excerpt(of: $0, within: .origin) }
        self.hint = hint
        self.detail = detail.map { Redaction.excerpt(of: $0, within: .detail) }
    }

    /// Reports whether a person may see the refusal: its owner and every operator.
    public func isVisible(to user: User) -> Bool {
        user.isOperator || owner == user.id
    }
}
