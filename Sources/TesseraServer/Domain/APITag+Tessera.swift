public import TesseraOpenAPI

extension APITag {
    /// The operations about the caller.
    public static let caller = APITag("Caller", "Who the credentials stand for.")
    /// The operations about a person's own tokens.
    public static let tokens = APITag("Tokens", "A person's own access tokens.")
    /// The operations by which a service is watched and described.
    public static let service = APITag("Service", "Whether the service is well, and what it can do.")
}
