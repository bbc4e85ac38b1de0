public import TesseraCore
public import TesseraCrypto
public import TesseraHTTP
public import TesseraOpenAPI

/// How one authority differs from another. Every value has a default that is right for most.
public struct AuthorityConfiguration: Sendable {
    /// The address under which people and programs reach it, such as `https://tokens.example.com` or
    /// `https://example.com/tokens`, without a slash at the end (``Issuer``). Decides whether cookies are for https alone.
    public var issuer: String
    /// What a challenge calls the place that needs a token.
    public var realm = "Tessera"
    /// What `/openapi.json` says of the API as a whole.
    public var api = APIInfo()
    /// Web origins whose scripts may call the API.
    public var allowedOrigins: [Origin] = []
    /// The fields that those scripts may send, besides those that every script may.
    public var allowedRequestFields = CORS.Configuration.usualRequestFields
    /// How many verified tokens are held in memory; 0 asks the store each time.
    public var tokenCacheCapacity = 200_000
    public var sessionLimits = SessionDesk.Limits()
    public var passwordPolicy = PasswordPolicy()
    /// Whether everybody may open an account, at `/register`.
    public var allowsRegistration = false
    /// What becomes of a person's access tokens when they change their password.
    public var passwordChangeTokens = PasswordChangeTokens.ask
    /// How long ago the password may have been given before something sensitive needs it again. Zero would always ask, and
    /// never be content.
    public var freshPasswordAfter = Duration.seconds(2 * 3_600)
    public var signInThrottle = SignInThrottle.Policy()
    public var passwordParameters = Argon2Parameters.standard
    /// What new personal tokens begin with; `nil` for what those of the installation begin with already. Tokens with any
    /// other prefix that was used before stay valid.
    public var tokenPrefix: TokenPrefix?
    /// Whether ``tokenPrefix`` becomes that of the installation.
    public var tokenPrefixRole = TokenPrefixes.Role.server
    public var tokenPolicy = TokenPolicy()
    public var retention = Retention()
    /// How many accepted requests with a token are kept each second for their owners to look at, of everybody together.
    public var requestsPerSecond = 100
    /// Permissions that the API itself brings along; they are added to the catalogue at start.
    public var scopes: [ScopeDefinition] = []
    /// The largest accepted JSON or form body, in bytes.
    public var bodyLimit = 64 * 1024

    /// Who decides what becomes of access tokens on a change of the password.
    public enum PasswordChangeTokens: String, Sendable, CaseIterable {
        /// They go on working.
        case keep
        /// All of them end.
        case revoke
        /// The person chooses.
        case ask
    }

    public init(issuer: String) { self.issuer = issuer }

    /// Lets the scripts of other origins call the API; `nil` when no origin is let in.
    var cors: CORS.Configuration? {
        guard !allowedOrigins.isEmpty else { return nil }
        var cors = CORS.Configuration(origins: allowedOrigins, paths: ["/api/"])
        cors.requestFields = allowedRequestFields
        cors.exposedFields += [.tesseraRefusal, .tesseraTokenExpires]
        return cors
    }

    /// The path below which people and programs reach it.
    var sitePath: SitePath { SitePath(issuer: issuer) }

    /// Whether people reach it by https.
    var isHTTPS: Bool { issuer.hasPrefix("https://") }
}
