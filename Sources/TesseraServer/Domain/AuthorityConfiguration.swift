public import TesseraCore
public import TesseraCrypto
public import TesseraHTTP
public import TesseraOpenAPI

/// The settings of an authority. Every value has a default that suits most installations.
public struct AuthorityConfiguration: Sendable {
    /// The address under which people and programs reach it, such as `https://tokens.example.com` or
    /// `https://example.com/tokens`, without a slash at the end (``Issuer``). Decides whether cookies are for https alone.
    public var issuer: String
    /// The realm that challenges name (RFC 6750 §3).
    public var realm = "Tessera"
    /// The description of the whole API in `/openapi.json`.
    public var api = APIInfo()
    /// Web origins whose scripts may call the API.
    public var allowedOrigins: [Origin] = []
    /// The fields that those scripts may send, besides those that every script may.
    public var allowedRequestFields = CORS.Configuration.usualRequestFields
    /// The number of verified tokens held in memory; 0 asks the store each time.
    public var tokenCacheCapacity = 200_000
    /// The lifetimes of sessions.
    public var sessionLimits = SessionDesk.Limits()
    /// The rules for new passwords.
    public var passwordPolicy = PasswordPolicy()
    /// Indicates that people may open accounts themselves, at `/register`.
    public var allowsRegistration = false
    /// The effect of a changed password on the tokens of the account.
    public var passwordChangeTokens = PasswordChangeTokens.ask
    /// The time after which something sensitive needs the password again. Zero would always ask, and
    /// never be content.
    public var freshPasswordAfter = Duration.seconds(2 * 3_600)
    /// The number of passwords that may be tried in a time.
    public var signInThrottle = SignInThrottle.Policy()
    /// The cost of a password hash.
    public var passwordParameters = Argon2Parameters.standard
    /// The prefix of new personal tokens; `nil` for the present prefix of the installation. Tokens with any
    /// other prefix that was used before stay valid.
    public var tokenPrefix: TokenPrefix?
    /// Decides whether ``tokenPrefix`` becomes that of the installation.
    public var tokenPrefixRole = TokenPrefixes.Role.server
    /// The limits for tokens.
    public var tokenPolicy = TokenPolicy()
    /// The times for which old rows are kept.
    public var retention = Retention()
    /// The number of accepted requests with tokens that are kept each second, of all owners together.
    public var requestsPerSecond = 100
    /// Permissions that the API itself brings along; they are added to the catalogue at start.
    public var scopes: [ScopeDefinition] = []
    /// The largest accepted JSON or form body, in bytes.
    public var bodyLimit = 64 * 1024

    /// The effect of a changed password on access tokens.
    public enum PasswordChangeTokens: String, Sendable, CaseIterable {
        /// They go on working.
        case keep
        /// All of them end.
        case revoke
        /// The person chooses.
        case ask
    }

    /// Makes a configuration with the defaults.
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

    /// Indicates that people reach it by https.
    var isHTTPS: Bool { issuer.hasPrefix("https://") }
}
