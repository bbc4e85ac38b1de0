import TesseraCore
import TesseraHTTP
import TesseraHosting
import TesseraServer
import TesseraStores

/// `tessera serve`
enum Serve {
    private static let listen = Parameter.option(
        "--listen", .listenAddress, default: "127.0.0.1:8080",
        "Where to listen: HOST:PORT, [::1]:PORT or unix:PATH (for its owner and group: mode 0660).",
        environment: "TESSERA_LISTEN")
    private static let issuer = Parameter.option(
        "--issuer", .issuer,
        "The address under which people and programs reach it, with its path if it has one; that of --listen if not given.",
        environment: "TESSERA_ISSUER")
    private static let migrate = Parameter.flag(
        "--migrate",
        "Apply pending migrations. A SQLite file is migrated in any case, unless it was migrated down.",
        environment: "TESSERA_MIGRATE")
    private static let certificate = Parameter.option(
        "--tls-certificate", .file, "Serve TLS with this certificate chain (PEM).",
        environment: "TESSERA_TLS_CERTIFICATE")
    private static let key = Parameter.option(
        "--tls-key", .file, "The private key of the certificate (PEM).", environment: "TESSERA_TLS_KEY")
    private static let origins = Parameter.repeated(
        "--allow-origin", .origin,
        "A web origin, or that of an app or extension, whose scripts may call the API.",
        environment: "TESSERA_ALLOW_ORIGIN")
    private static let requestFields = Parameter.repeated(
        "--allow-request-field", .fieldName,
        "A header field that those scripts may send, besides the usual ones.",
        environment: "TESSERA_ALLOW_REQUEST_FIELD")
    private static let loops = Parameter.option(
        "--loops", .number("N", in: 1...1_024), "How many event loops; one for each processor if not given.",
        environment: "TESSERA_LOOPS")
    private static let cache = Parameter.option(
        "--token-cache", .number("N", in: 0...100_000_000), default: "200000",
        "How many verified tokens to hold in memory; 0 asks the database each time.",
        environment: "TESSERA_TOKEN_CACHE")
    private static let registration = Parameter.flag(
        "--registration", "Let everybody open an account, at /register.", environment: "TESSERA_REGISTRATION")
    private static let passwordChangeTokens = Parameter.option(
        "--password-change-tokens", .passwordChangeTokens, default: "ask",
        "What becomes of a person's access tokens when they change their password; ask lets them choose.",
        environment: "TESSERA_PASSWORD_CHANGE_TOKENS")
    private static let freshPasswordAfter = Parameter.option(
        "--fresh-password-after", .freshness, default: "2h",
        "How long ago a password may have been given before something sensitive needs it again.",
        environment: "TESSERA_FRESH_PASSWORD_AFTER")
    private static let drain = Parameter.option(
        "--drain", .drain, default: "0",
        "How long to go on serving after SIGTERM while /readyz answers 503; longer than a load balancer takes to notice.",
        environment: "TESSERA_DRAIN")
    private static let logLevel = Parameter.option(
        "--log-level", .logLevel, default: "info",
        "What is logged to standard error; every request from info on down.",
        environment: "TESSERA_LOG_LEVEL")
    private static let logFormat = Parameter.option(
        "--log-format", .logFormat, default: "text",
        "How it is logged: text for people, json with an object on each line for programs.",
        environment: "TESSERA_LOG_FORMAT")

    static let command = Command(
        "serve", "Serve the API and the pages until SIGTERM or SIGINT.",
        details: """
            On a signal it goes on serving for the time of --drain, so that a load balancer sends nobody any more; then it \
            stops accepting, finishes the requests in flight for at most 10 seconds, writes what is \
            collected in memory, and ends with 0. A second signal ends it at once.
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
                "Links and metadata name \(configuration.issuer), which other machines cannot reach. --issuer says under which address people and programs reach this server."
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
                "tessera \(Main.version) listening on \(place) (\(invocation[CommonParameters.database]))"
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
        default: throw UsageError("--tls-certificate and --tls-key go together.")
        }
        return configuration
    }

    private static func authorityConfiguration(
        _ invocation: Invocation, _ server: ServerConfiguration
    ) throws(UsageError) -> AuthorityConfiguration {
        if case .tcp(_, port: 0) = server.listen, invocation[issuer] == nil {
            throw UsageError("with port 0, --issuer must say under which address the server is reached.")
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
    /// The name of one field: `*` would stand for all of them.
    fileprivate static var fieldName: ArgumentKind {
        ArgumentKind("FIELD", "the name of a header field such as X-Trace-Id") {
            $0 == "*" ? nil : FieldName($0)
        }
    }
}

extension ArgumentKind<Duration> {
    /// Long enough to fill in a form.
    fileprivate static var freshness: ArgumentKind {
        ArgumentKind("TIME", "a number with a unit, from 1m on, such as 15m, 2h or 30d") {
            DurationText.parse($0).flatMap { $0 < .seconds(60) ? nil : $0 }
        }
    }
}

extension ArgumentKind<Duration> {
    /// At most an hour: whoever stops a process wants to see it end.
    fileprivate static var drain: ArgumentKind {
        ArgumentKind("TIME", "0, or a number with a unit up to 1h, such as 15s or 2m") {
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
