/// By which journey a stored access token came to be.
public enum TokenKind: String, Sendable, CaseIterable {
    /// Made by a person for their own programs.
    case personal
    /// Given to an application with the person's consent.
    case oauth
}
