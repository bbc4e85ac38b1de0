import Glibc
import Synchronization

/// Makes the response to a request that the engine refuses, or that a handler refuses by throwing.
public typealias RefusalRenderer = @Sendable (HTTPError, RefusedRequest) -> Response

/// An HTTP/1.1 server: several event loops, each with its own thread, on one address.
public final class HTTPServer: Sendable {
    private enum State {
        case bound
        case running(threads: Int)
        case stopped
    }

    private struct Life {
        var state = State.bound
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// The bound port, also if port 0 was requested; `nil` for a UNIX socket.
    public let port: Int?

    private let settings: ConnectionSettings
    private let loops: [EventLoop]
    private let sockets: [Int32]
    private let address: ListenAddress
    private let life = Mutex(Life())

    /// Binds the address and loads the certificate. The server accepts connections after ``start()``.
    ///
    /// - Parameters:
    ///   - refuse: Makes the responses to requests that are refused before a handler sees them; runs on the event
    ///     loops.
    ///   - handler: Answers the requests; runs on the event loops and must not block.
    /// - Throws: ``ServerError``, with a sentence that describes the problem.
    public convenience init(
        _ configuration: ServerConfiguration, refuse: @escaping RefusalRenderer, handler: @escaping Handler
    ) throws(ServerError) {
        try self.init(configuration, refuse: refuse, responder: Responder(handler: handler))
    }

    /// Binds the address and loads the certificate. The server accepts connections after ``start()``.
    ///
    /// - Parameters:
    ///   - refuse: Makes the responses to requests that are refused before the service sees them; runs on the event
    ///     loops.
    ///   - service: Answers the requests; runs on the event loops and must not block.
    /// - Throws: ``ServerError``, with a sentence that describes the problem.
    public init(
        _ configuration: ServerConfiguration, refuse: @escaping RefusalRenderer, responder: Responder
    ) throws(ServerError) {
        let settings = ConnectionSettings(limits: configuration.limits, hosts: configuration.hosts)
        let shared = ServerShared(
            settings: settings, proxies: TrustedProxies(configuration.trustedProxies),
            expectsProxyHeader: configuration.expectsProxyHeader,
            tls: try Self.tlsContext(configuration.tls), refuse: refuse, responder: responder)
        let count = max(configuration.loops, 1)
        let (sockets, port) = try Listener.open(configuration.listen, count: count)
        var loops: [EventLoop] = []
        do {
            for index in 0..<count {
                loops.append(try EventLoop(shared: shared, listener: sockets[index % sockets.count]))
            }
        } catch {
            for socket in sockets { close(socket) }
            throw error
        }
        self.settings = settings
        self.loops = loops
        self.sockets = sockets
        self.port = port
        address = configuration.listen
    }

    private static func tlsContext(_ configuration: TLSConfiguration?) throws(ServerError) -> TLSContext? {
        guard let configuration else { return nil }
        return try TLSContext(configuration)
    }

    /// The counters of the server, summed over its loops.
    public var counters: ServerCounters {
        var total = ServerCounters()
        for loop in loops { loop.counters.add(to: &total) }
        return total
    }

    /// Starts the threads of the loops. A second call has no effect.
    public func start() {
        let isFirst = life.withLock { life in
            guard case .bound = life.state else { return false }
            life.state = .running(threads: loops.count)
            return true
        }
        guard isFirst else { return }
        // libssl writes to sockets without MSG_NOSIGNAL.
        signal(SIGPIPE, SIG_IGN)
        for loop in loops {
            spawn { [self] in
                loop.runThread()
                threadEnded()
            }
        }
    }

    /// Closes each connection after its next response, while new connections are still accepted. Clients move to
    /// another server at a moment when they expect no response.
    public func drain() { settings.isDraining.store(true, ordering: .relaxed) }

    /// Stops accepting, finishes the requests in progress, closes idle connections, and returns when all threads have
    /// ended.
    ///
    /// - Parameter grace: The time that requests in progress may take; requests that take longer are cut off.
    public func stop(within grace: Duration) async {
        let neverRan = life.withLock { life in
            guard case .bound = life.state else { return false }
            life.state = .stopped
            return true
        }
        if neverRan { closeSockets() }
        for loop in loops { loop.stop(within: grace.clampedNanoseconds) }
        await waitUntilStopped()
    }

    /// Returns when the server has stopped.
    public func waitUntilStopped() async {
        await withCheckedContinuation { continuation in
            let isStopped = life.withLock { life in
                if case .stopped = life.state { return true }
                life.waiters.append(continuation)
                return false
            }
            if isStopped { continuation.resume() }
        }
    }

    private func threadEnded() {
        let isLast = life.withLock { life in
            guard case .running(let threads) = life.state else { return false }
            life.state = .running(threads: threads - 1)
            return threads == 1
        }
        guard isLast else { return }
        closeSockets()
        let waiters = life.withLock { life in
            life.state = .stopped
            defer { life.waiters = [] }
            return life.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func closeSockets() {
        for socket in sockets { close(socket) }
        if case .unix(let path) = address { Listener.removeSocket(path) }
    }

    private func spawn(_ body: @escaping @Sendable () -> Void) {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(Box(body)).toOpaque()
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, argument)
        precondition(result == 0, "cannot create a thread")
        pthread_detach(thread)
    }
}

/// The state that all loops of a server share.
final class ServerShared: Sendable {
    let settings: ConnectionSettings
    let admission: Admission
    let proxies: TrustedProxies?
    let expectsProxyHeader: Bool
    let tls: TLSContext?
    let refuse: RefusalRenderer
    let responder: Responder

    init(
        settings: ConnectionSettings, proxies: TrustedProxies?, expectsProxyHeader: Bool, tls: TLSContext?,
        refuse: @escaping RefusalRenderer, responder: Responder
    ) {
        self.settings = settings
        admission = Admission(limits: settings.limits, proxies: proxies)
        self.proxies = proxies
        self.expectsProxyHeader = expectsProxyHeader
        self.tls = tls
        self.refuse = refuse
        self.responder = responder
    }
}
