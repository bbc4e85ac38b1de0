public import TesseraTime

/// Keeps refusals for a few days.
public protocol RefusalStore: Sendable {
    /// Writes refusals, all or none. Each identifier is new.
    func record(_ refusals: [Refusal]) async throws(StoreError)

    /// Returns the refusal with this identifier; `nil` when it was deleted.
    func refusal(_ id: Refusal.ID) async throws(StoreError) -> Refusal?

    /// Refusals that match, newest first, at most `limit`.
    func refusals(_ filter: RefusalFilter, limit: Int) async throws(StoreError) -> [Refusal]

    /// Deletes at most `limit` refusals from before this instant; returns how many.
    func pruneRefusals(before: NumericDate, limit: Int) async throws(StoreError) -> Int
}

/// A filter for refusals. A property that is `nil` matches every refusal.
public struct RefusalFilter: Sendable, Hashable {
    /// The token that was refused.
    public var token: AccessToken.ID?
    /// The user who made the request.
    public var owner: User.ID?
    /// The reason for the refusal.
    public var cause: RefusalCause?
    /// Only those before this one, for the next page.
    public var before: Refusal.ID?
    /// Indicates that only refusals of a stored token match.
    public var isOfToken: Bool

    public init(
        token: AccessToken.ID? = nil, owner: User.ID? = nil, cause: RefusalCause? = nil,
        before: Refusal.ID? = nil, isOfToken: Bool = false
    ) {
        self.token = token
        self.owner = owner
        self.cause = cause
        self.before = before
        self.isOfToken = isOfToken
    }

    /// Reports whether a refusal matches.
    public func matches(_ refusal: Refusal) -> Bool {
        (token == nil || refusal.token == token) && (owner == nil || refusal.owner == owner)
            && (!isOfToken || refusal.token != nil)
            && (cause == nil || refusal.cause == cause) && (before.map { refusal.id < $0 } ?? true)
    }
}
