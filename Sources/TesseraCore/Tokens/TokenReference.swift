/// A stored token as a refusal names it.
public struct TokenReference: Sendable, Hashable {
    /// The token.
    public let id: AccessToken.ID
    /// The party for which the token stands.
    public let subject: Subject
}
