import TesseraCore
import TesseraHTTP
import TesseraHosting
import TesseraServer
import TesseraStores

/// `tessera serve`
enum Serve {
    private static let listen = Parameter.option(
        "--listen", .listenAddress, default: "127.0.0.1:8080",
        "The address to listen on: HOST:PORT, [::1]:PORT or unix:PATH (mode 0660).",
        environment: "TESSERA_LISTEN")
    private static let issuer = Parameter.option(
        "--issuer", .issuer,
        "The public URL of the server, including a path if there is one. The default is the address of --listen.",
        environment: "TESSERA_ISSUER")
    private static let migrate = Parameter.flag(
        "--migrate",
        "Apply pending migrations. A SQLite file is always migrated, unless it was migrated down.",
        environment: "TESSERA_MIGRATE")
    private static let certificate = Parameter.option(
        "--tls-certificate", .file, "The certificate chain for TLS (PEM).",
        environment: "TESSERA_TLS_CERTIFICATE")
    private static let key = Parameter.option(
        "--tls-key", .file, "The private key of the certificate (PEM).", environment: "TESSERA_TLS_KEY")
    private static let origins = Parameter.repeated(
        "--allow-origin", .origin,
        "The origin of a web site, app or browser extension whose scripts may call the API.",
        environment: "TESSERA_ALLOW_ORIGIN")
    private static let requestFields = Parameter.repeated(
        "--allow-request-field", .fieldName,
        "A header field that these scripts may send in addition to the usual ones.",
        environment: "TESSERA_ALLOW_REQUEST_FIELD")
    private static let loops = Parameter.option(
        "--loops", .number("N", in: 1...1_024),
        "The number of event loops. The default is one for each processor.",
        environment: "TESSERA_LOOPS")
    private static let cache = Parameter.option(
        "--token-cache", .number("N", in: 0...100_000_000), default: "200000",
        "The number of verified tokens in memory; 0 checks every token in the database.",
        environment: "TESSERA_TOKEN_CACHE")
    private static let registration = Parameter.flag(
        "--registration", "Let anyone create an account at /register.", environment: "TESSERA_REGISTRATION")
    private static let passwordChangeTokens = Parameter.option(
        "--password-change-tokens", .passwordChangeTokens, default: "ask",
        "The effect of a password change on the user's access tokens; ask lets the user choose.",
        environment: "TESSERA_PASSWORD_CHANGE_TOKENS")
    private static let freshPasswordAfter = Parameter.option(
        "--fresh-password-after", .freshness, default: "2h",
        "How long a user can make sensitive changes before the password must be entered again.",
        environment: "TESSERA_FRESH_PASSWORD_AFTER")
    private static let drain = Parameter.option(
        "--drain", .drain, default: "0",
        "How long to continue serving after SIGTERM while /readyz answers 503. Choose more time than a load balancer needs to notice.",
        environment: "TESSERA_DRAIN")
    private static let logLevel = Parameter.option(
        "--log-level", .logLevel, default: "info",
        "The lowest level that is logged to standard error. info includes every request.",
        environment: "TESSERA_LOG_LEVEL")
    private static let logFormat = Parameter.option(
        "--log-format", .logFormat, default: "text",
        "The log format: text for people, or json with one object on each line for programs.",
        environment: "TESSERA_LOG_FORMAT")

    static let command = Command(
        "serve", "Serve the API and the pages until SIGTERM or SIGINT.",
        details: """
            On a signal, the server continues for the time of --drain, so that a load balancer stops sending requests. Then it \
            stops accepting connections, finishes requests in progress for at most 10 seconds, stores the data \
            in memory, and exits with 0. A second signal ends it at once.
            """,
        parameters: [
            listen, issuer, migrate, certificate, key, origins, requestFields, loops, cache, registration,
            passwordChangeTokens,
            freshPasswordAfter, drain, logLevel, logFormat,
        ]
            + ConnectionParameters.all + [ReplicaParameter.replica] + RetentionParameters.all
            + TokenPolicyParameters.ofServer
            + TokenParameters.workspace,
        examples: [
            "tessera serve",
            "tessera serve --listen 0.0.0.0:443 --issuer https://tokens.example.com --tls-certificate chain.pem --tls-key key.pem",
            "tessera serve --listen unix:/run/tessera.sock --config /etc/tessera.conf",
        ],
        database: .changes
    ) { invocation in
        let server = try serverConfiguration(invocation)
        let configuration = try authorityConfiguration(invocation, server)
        try ReplicaParameter.check(invocation)
        let database = try await Workspace.openMigrated(
            invocation, migrate: invocation[migrate], isServing: true)
        defer { database.close() }
        let log = Log.standardError(level: invocation[logLevel], format: invocation[logFormat])
        let store = try ReplicaParameter.store(of: database, invocation, log)
        if invocation[issuer] == nil, invocation[listen].isEveryAddress {
            log.warning(
                "Links and metadata contain \(configuration.issuer), which other machines cannot reach. Set --issuer to the public URL of this server."
            )
        }
        let authority = try await Authority(configuration, store: store, log: log)
        var router = Router()
        authority.addRoutes(to: &router)
        let service = Service(
            authority: authority, router: router, configuration: server, drain: invocation[drain])
        try await service.run { address in
            let place: String =
                switch address {
                case .tcp: "\(server.tls == nil ? "http" : "https")://\(address)"
                case .unix: address.description
                }
            let line =
                "tessera \(Program.version) listening on \(place) (\(invocation[CommonParameters.database]))"
            switch invocation[logFormat] {
            case .text: invocation.console.note(line)
            case .json: log.info(line)
            }
        }
    }

    private static func serverConfiguration(_ invocation: Invocation) throws(UsageError)
        -> ServerConfiguration
    {
        var configuration = ServerConfiguration()
        configuration.listen = invocation[listen]
        if let loops = invocation[loops] { configuration.loops = loops }
        try ConnectionParameters.apply(invocation, to: &configuration)
        switch (invocation[certificate], invocation[key]) {
        case (let certificate?, let key?):
            configuration.tls = TLSConfiguration(certificateFile: certificate, keyFile: key)
        case (nil, nil): break
        default: throw UsageError("--tls-certificate and --tls-key must be given together.")
        }
        return configuration
    }

    private static func authorityConfiguration(
        _ invocation: Invocation, _ server: ServerConfiguration
    ) throws(UsageError) -> AuthorityConfiguration {
        if case .tcp(_, port: 0) = server.listen, invocation[issuer] == nil {
            throw UsageError("port 0 needs --issuer, the public URL of the server.")
        }
        let issuer = invocation[issuer] ?? Issuer(listening: server.listen, isSecure: server.tls != nil)
        var configuration = AuthorityConfiguration(issuer: issuer.text)
        configuration.allowedOrigins = invocation[origins]
        configuration.allowedRequestFields += invocation[requestFields]
        configuration.tokenCacheCapacity = invocation[cache]
        configuration.tokenPrefix = invocation[CommonParameters.tokenPrefix]
        configuration.allowsRegistration = invocation[registration]
        configuration.freshPasswordAfter = invocation[freshPasswordAfter]
        configuration.passwordChangeTokens = invocation[passwordChangeTokens]
        configuration.tokenPolicy = TokenPolicyParameters.policyOfServer(invocation)
        configuration.retention = RetentionParameters.retention(invocation)
        return configuration
    }
}

extension ArgumentKind<ListenAddress> {
    fileprivate static var listenAddress: ArgumentKind {
        ArgumentKind("HOST:PORT", "an address such as 127.0.0.1:8080, [::1]:8080 or unix:/run/tessera.sock") {
            ListenAddress(parsing: $0)
        }
    }
}

extension ArgumentKind<Issuer> {
    fileprivate static var issuer: ArgumentKind {
        ArgumentKind(
            "URL", "an http or https URL without a slash at the end, such as https://tokens.example.com"
        ) {
            Issuer($0)
        }
    }
}

extension ArgumentKind<Origin> {
    fileprivate static var origin: ArgumentKind {
        ArgumentKind("ORIGIN", "an origin such as https://app.example.com or capacitor://localhost") {
            Origin($0)
        }
    }
}

extension ArgumentKind<FieldName> {
    /// The name of one field, but not `*`, which would allow all fields.
    fileprivate static var fieldName: ArgumentKind {
        ArgumentKind("FIELD", "the name of a header field such as X-Trace-Id") {
            $0 == "*" ? nil : FieldName($0)
        }
    }
}

extension ArgumentKind<Duration> {
    /// At least one minute, enough to fill in a form.
    fileprivate static var freshness: ArgumentKind {
        ArgumentKind("TIME", "a number with a unit, at least 1m, such as 15m, 2h or 30d") {
            DurationText.parse($0).flatMap { $0 < .seconds(60) ? nil : $0 }
        }
    }
}

extension ArgumentKind<Duration> {
    /// At most one hour, so that a stopped process ends.
    fileprivate static var drain: ArgumentKind {
        ArgumentKind("TIME", "0, or a number with a unit, at most 1h, such as 15s or 2m") {
            DurationText.parse($0).flatMap { $0 > .seconds(3_600) ? nil : $0 }
        }
    }
}

extension ArgumentKind<AuthorityConfiguration.PasswordChangeTokens> {
    fileprivate static var passwordChangeTokens: ArgumentKind { .choice("RULE") }
}

extension ArgumentKind<Log.Format> {
    fileprivate static var logFormat: ArgumentKind { .choice("FORMAT") }
}

extension ArgumentKind<Log.Level> {
    fileprivate static var logLevel: ArgumentKind { .choice("LEVEL") }
}
