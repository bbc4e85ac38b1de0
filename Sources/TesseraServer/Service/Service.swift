import Glibc
import TesseraCore
public import TesseraHTTP
public import TesseraHosting

/// An authority and the routes of a program, served over HTTP until the process is asked to end.
///
/// ```swift
/// var router = Router()
/// authority.addRoutes(to: &router)
/// router.get("/api/treasures", handler: …)
/// let service = Service(authority: authority, router: router, configuration: configuration)
/// try await service.run { address in print("listening on \(address)") }
/// ```
public struct Service: Sendable {
    private let authority: Authority
    private let router: Router
    private let configuration: ServerConfiguration
    private let accessLog: AccessLog?
    private let grace: Duration
    private let drain: Duration
    private let manager: ServiceManager?

    /// - Parameters:
    ///   - router: All routes, those of the authority among them.
    ///   - accessLog: Takes a line for each request; by default the authority's log at level `info`.
    ///   - grace: How long requests in flight may take once nothing is accepted any more.
    ///   - drain: How long everything is still served once the process was asked to end, while `GET /readyz` says that it
    ///     is leaving: long enough for a load balancer to notice.
    ///   - manager: Who is told that it is ready, and that it ends; `nil` for nobody.
    public init(
        authority: Authority, router: Router, configuration: ServerConfiguration,
        accessLog: AccessLog? = nil, grace: Duration = .seconds(10), drain: Duration = .zero,
        manager: ServiceManager? = .ofProcess
    ) {
        self.authority = authority
        self.router = router
        self.configuration = configuration
        self.accessLog = accessLog ?? AccessLog(to: authority.log)
        self.grace = grace
        self.drain = drain
        self.manager = manager
    }

    /// Serves until SIGTERM, SIGINT or the cancellation of the task; then lets clients go elsewhere, stops accepting,
    /// finishes the requests in flight and writes what has been collected. A second signal ends the process at once.
    ///
    /// - Parameter onReady: Called with the address and the port that was bound. Whoever connects from then on is served
    ///   once it returns.
    /// - Throws: `ServerError` when it cannot listen, ``MissingScopes`` for a route that no token could call.
    public func run(onReady: (ListenAddress) -> Void = { _ in }) async throws {
        signal(SIGPIPE, SIG_IGN)
        let authority = authority
        let responder = try authority.service(of: router, accessLog: accessLog)
        let server = try HTTPServer(
            configuration, refuse: { authority.response(to: $0, for: $1) }, responder: responder)
        let end = TerminationSignal()
        authority.addMetrics { [weak server] in server?.counters.metrics ?? [] }
        let start = SystemClock.shared.now
        authority.addMetrics { [SystemClock.shared.leadMetric] + ProcessMetrics.all(since: start) }
        await authority.reportAddresses()
        authority.start()
        ProgramPages.release()
        // Before the first request is answered, so that its line in the log is not above this one.
        onReady(address(of: server))
        server.start()
        manager?.isReady()
        await end.arrival()
        // Behind the grace, what has been collected is written, for which a slow disk may need a while.
        manager?.isStopping(within: drain + grace + .seconds(30))
        authority.lifecycle.leave()
        if drain > .zero {
            authority.log.info("draining for \(DurationText.words(drain)): not ready any more, still serving")
            server.drain()
            // Cancelled, it goes on to the end at once.
            try? await Task.sleep(for: drain)
        }
        await server.stop(within: grace)
        await authority.stop()
    }

    private func address(of server: HTTPServer) -> ListenAddress {
        switch configuration.listen {
        case .tcp(let host, let port): .tcp(host: host, port: server.port ?? port)
        case .unix: configuration.listen
        }
    }
}
