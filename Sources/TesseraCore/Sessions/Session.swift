import TesseraText
public import TesseraTime

/// A person signed in with one browser.
public struct Session: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<Session>

    public let id: ID
    /// The user of the session.
    public let user: User.ID
    /// The instant at which the session started.
    public let startedAt: NumericDate
    /// The instant at which the person last gave the password; at first the start of the session.
    public let authenticatedAt: NumericDate
    /// The last use, to within a minute.
    public var lastSeenAt: NumericDate
    /// The instant at which the session ends, however much it is used.
    public let expiresAt: NumericDate
    /// The browser's `User-Agent` without what could be a token, shortened to 200 characters.
    public let userAgent: String
    /// The address it was started from.
    public let address: String

    public init(
        id: ID, user: User.ID, startedAt: NumericDate, authenticatedAt: NumericDate, lastSeenAt: NumericDate,
        expiresAt: NumericDate, userAgent: String, address: String
    ) {
        self.id = id
        self.user = user
        self.startedAt = startedAt
        self.authenticatedAt = authenticatedAt
        self.lastSeenAt = lastSeenAt
        self.expiresAt = expiresAt
        self.userAgent = Redaction.excerpt(of: userAgent, within: .userAgent)
        self.address = Redaction.excerpt(of: address, within: .address)
    }
}
