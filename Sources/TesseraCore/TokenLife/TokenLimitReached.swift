/// A person has as many living tokens as the policy allows. Nothing is wrong with the order: the same one is accepted
/// once a token has ended.
public struct TokenLimitReached: Error, Sendable, Hashable, CustomStringConvertible {
    /// The number of tokens that a person may have.
    public let limit: Int

    public init(limit: Int) { self.limit = limit }

    public var description: String {
        "You have \(limit) tokens, which is as many as you may have. Revoke one first."
    }
}
