import TesseraText
public import TesseraTime

/// A request that was made with a token, as its owner can see it for a while. Never holds a credential.
public struct TokenRequest: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<TokenRequest>

    public let id: ID
    /// The instant of the request.
    public let at: NumericDate
    /// The token that was presented.
    public let token: AccessToken.ID
    /// The user whose token it is; `nil` for a token of a client itself.
    public let owner: User.ID?
    /// The method of the request, shortened.
    public let method: String
    /// The path without the query and without what could be a token, shortened to 200 characters.
    public let path: String
    /// The status it was answered with.
    public let status: Int
    /// The client's address.
    public let address: String
    /// The reason for which the token was refused; `nil` for an accepted token, however the request ended.
    public let cause: RefusalCause?

    public init(
        id: ID, at: NumericDate, token: AccessToken.ID, owner: User.ID?, method: String, path: String,
        status: Int, address: String
    ) {
        self.id = id
        self.at = at
        self.token = token
        self.owner = owner
        self.method = Redaction.excerpt(of: method, within: .method)
        self.path = Redaction.excerpt(of: path, within: .path)
        self.status = status
        self.address = Redaction.excerpt(of: address, within: .address)
        cause = nil
    }

    /// A refused request; `nil` when it is not known with which token.
    init?(_ refusal: Refusal) {
        guard let token = refusal.token else { return nil }
        id = ID(high: refusal.id.high, low: refusal.id.low)
        at = refusal.at
        self.token = token
        owner = refusal.owner
        method = refusal.method
        path = refusal.path
        status = refusal.status
        address = refusal.address
        cause = refusal.cause
    }

    /// The refusal that explains the request; `nil` for an accepted token.
    public var refusal: Refusal.ID? {
        cause == nil ? nil : Refusal.ID(high: id.high, low: id.low)
    }

    /// The last requests that match, refused ones among them, newest first, at most `limit`.
    public static func recent(
        _ filter: TokenRequestFilter, limit: Int, from store: any TokenRequestStore & RefusalStore
    ) async throws(StoreError) -> [TokenRequest] {
        let accepted = try await store.requests(filter, limit: limit)
        let refused = try await store.refusals(filter.ofRefusals, limit: limit)
        let all = accepted + refused.compactMap(TokenRequest.init)
        return Array(all.sorted { $0.id > $1.id }.prefix(limit))
    }
}

/// A filter for requests. A property that is `nil` matches every request.
public struct TokenRequestFilter: Sendable, Hashable {
    /// The token that was presented.
    public var token: AccessToken.ID?
    /// The user whose token it was.
    public var owner: User.ID?
    /// Only those before this one, for the next page.
    public var before: TokenRequest.ID?

    public init(token: AccessToken.ID? = nil, owner: User.ID? = nil, before: TokenRequest.ID? = nil) {
        self.token = token
        self.owner = owner
        self.before = before
    }

    /// Reports whether a request matches.
    public func matches(_ request: TokenRequest) -> Bool {
        (token == nil || request.token == token) && (owner == nil || request.owner == owner)
            && (before.map { request.id < $0 } ?? true)
    }

    /// The refusals that match.
    var ofRefusals: RefusalFilter {
        RefusalFilter(
            token: token, owner: owner, before: before.map { Refusal.ID(high: $0.high, low: $0.low) },
            isOfToken: true)
    }
}
