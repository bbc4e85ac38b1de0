import TesseraCore
public import TesseraHTTP
import TesseraHosting
import TesseraOpenAPI

extension Authority {
    /// Adds every address that Tessera answers: each subject adds its own.
    ///
    /// An endpoint for programs is added with its access and its description, and both reach `/openapi.json`.
    public func addRoutes(to router: inout Router) {
        router.answerErrors(as: .problem, under: "/api")
        let (cookies, retention) = (authenticator.cookies, configuration.retention)
        let summaries = TokenSummaries(
            store: store, policy: tokens.policy, format: prefixes.format)
        let own = OwnTokens(store: store, desk: tokens, authenticator: authenticator)
        let passwords = PasswordCheck(
            accounts: accounts, throttle: services.throttle, browsers: browsers, cookies: cookies,
            pages: pages, errors: errors, log: log)
        let start = SessionStart(
            sessions: sessions, cookies: cookies, browsers: browsers, random: services.random)

        HealthEndpoints(store: store, lifecycle: lifecycle).addRoutes(to: &router)
        MeEndpoint(authenticator: authenticator, catalogue: catalogue).addRoutes(to: &router)
        TokenEndpoints(own: own, desk: tokens, store: store, authenticator: authenticator, retries: retries)
            .addRoutes(to: &router)
        HomeRoutes(pages: pages, tokens: summaries).addRoutes(to: &router)

        SignInRoutes(
            pages: pages, passwords: passwords, start: start, sessions: sessions, cookies: cookies,
            configuration: configuration
        ).addRoutes(to: &router)
        ConfirmRoutes(pages: pages, passwords: passwords, sessions: sessions, cookies: cookies)
            .addRoutes(to: &router)
        SessionRoutes(pages: pages, sessions: sessions).addRoutes(to: &router)
        if configuration.allowsRegistration {
            RegisterRoutes(
                pages: pages, registration: registration, accounts: accounts, passwords: passwords,
                start: start, retries: retries, bodyLimit: configuration.bodyLimit
            ).addRoutes(to: &router)
        }
        PasswordRoutes(
            pages: pages, passwords: passwords, start: start, accounts: accounts, sessions: sessions,
            tokens: summaries, tokenRule: configuration.passwordChangeTokens
        ).addRoutes(to: &router)
        SecurityRoutes(pages: pages, events: store, sessions: sessions, tokens: summaries)
            .addRoutes(to: &router)
        TokenRoutes(
            pages: pages, own: own, tokens: tokens, store: store, catalogue: catalogue,
            summaries: summaries, retries: retries, issuer: configuration.issuer
        ).addRoutes(to: &router)
        ActivityRoutes(pages: pages, store: store).addRoutes(to: &router)
        EverybodysActivityRoutes(pages: pages, store: store, users: store).addRoutes(to: &router)
        RequestRoutes(
            pages: pages, store: store, tokens: store, requests: requests, issuer: configuration.issuer,
            retention: retention
        ).addRoutes(to: &router)
        RefusalRoutes(pages: pages, refusals: refusals, store: store, retention: retention.refusals)
            .addRoutes(to: &router)
        RefusalListRoutes(pages: pages, store: store, users: store, retention: retention.refusals)
            .addRoutes(to: &router)
        UserRoutes(
            pages: pages, users: store, events: store, accounts: accounts, sessions: sessions,
            tokens: tokens, summaries: summaries
        ).addRoutes(to: &router)
        StatusRoutes(pages: pages, store: store, board: lifecycle.board).addRoutes(to: &router)
    }

    /// Surrounds every handler: errors become answers, and answers get their security fields and a line in the access log.
    public func serviceLayer(accessLog: AccessLog? = nil) -> ServiceLayer {
        var headers = SecurityHeaders.Configuration()
        headers.isBehindTLS = configuration.isHTTPS
        return ServiceLayer(
            securityHeaders: SecurityHeaders(headers),
            cors: errors.cors,
            refusePreflight: { [authenticator, errors] request in
                authenticator.foreignPreflight(request).map { errors.response(to: $0, for: request) }
            },
            accessLog: accessLog
        ) { [errors] error, request in
            errors.response(to: error, for: request)
        }
    }

    /// Answers a message that the engine itself refused, before there was a request.
    public func response(to error: HTTPError, for refused: RefusedRequest) -> Response {
        errors.response(to: error, for: refused)
    }
}
