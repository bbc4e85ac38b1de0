extension TokenFormat {
    /// The kinds of secrets that are strings of this form: one row for each in the table of prefixes and uses.
    public enum Kind: String, Sendable, CaseIterable {
        case personal
        case oauthAccess = "oauth-access"
        case refresh = "oauth-refresh"
        case clientSecret = "client-secret"
        /// Lets a client read and change its own registration (RFC 7592 §3).
        case registration

        /// The prefix of the kind, unless the operator sets another for access tokens.
        public var usualPrefix: TokenPrefix {
            switch self {
            case .personal: .personal
            case .oauthAccess: .oauthAccess
            case .refresh: .refresh
            case .clientSecret: .clientSecret
            case .registration: .registration
            }
        }

        /// The one use for which a string of this kind may be presented.
        public var use: Use {
            switch self {
            case .personal, .oauthAccess: .accessToken
            case .refresh: .refreshToken
            case .clientSecret: .clientSecret
            case .registration: .registrationToken
            }
        }

        /// The name of the kind for people.
        public var name: String {
            switch self {
            case .personal: "personal access token"
            case .oauthAccess: "OAuth access token"
            case .refresh: "refresh token"
            case .clientSecret: "client secret"
            case .registration: "registration token"
            }
        }
    }

    /// The uses for which a secret is presented. A secret of a kind that is for another use is refused without a look-up.
    public enum Use: Sendable {
        /// A bearer token at a protected resource (RFC 6750 §2).
        case accessToken
        /// The `refresh_token` of a token request (RFC 6749 §6).
        case refreshToken
        /// The password of a client (RFC 6749 §2.3.1).
        case clientSecret
        /// A bearer token at the client configuration endpoint (RFC 7592 §2).
        case registrationToken
    }

    /// The kinds that begin as no access token does. A prefix that an operator has set for access tokens goes before them.
    static let otherKinds = Dictionary(
        uniqueKeysWithValues: Kind.allCases.filter { $0.use != .accessToken }.map {
            (start($0.usualPrefix), $0)
        })
}
