import Glibc
import TesseraCLinux

/// One open connection: its socket, its ``Connection`` machine, and the tasks that wait for it.
///
/// `@unchecked Sendable`: only the thread of its loop uses it. Values that other threads may hold (``ChannelBody``,
/// ``ChannelWriter``) go through ``EventLoop/execute(_:)``.
final class Channel: @unchecked Sendable {
    let loop: EventLoop
    let socket: Int32
    /// The other end of the connection, by which it is counted.
    let end: PeerAddress
    let transport: Transport
    let slot: Int
    let generation: UInt32

    // Only the loop's thread accesses this, and `isDriving` prevents overlapping accesses.
    @exclusivity(unchecked) private var connection: Connection
    /// The client: the other end, or the address in the PROXY protocol header.
    private var peer: PeerAddress
    /// The proxies whose fields are trusted in the requests of this connection; `nil` for none.
    private var proxies: TrustedProxies?
    /// Indicates that the other end is a trusted proxy.
    private let isForwarded: Bool
    /// Indicates that a PROXY protocol header must come first.
    private var awaitsProxyHeader: Bool
    private var isOpen = true
    private var isReadable = false
    private var isWritable = true
    private var isDriving = false
    private var hasEndedWriting = false
    /// The number of the present request, so that tasks of an earlier request cannot affect a later one.
    private var requestNumber = 0
    private var bodyWaiter: UnsafeContinuation<Result<[UInt8], HTTPError>, Never>?
    private var drainWaiter: UnsafeContinuation<Bool, Never>?

    /// The number of reads after which other connections get their turn.
    private static let readsInARow = 16

    init(
        loop: EventLoop, socket: Int32, end: PeerAddress, transport: Transport, slot: Int, generation: UInt32
    ) {
        self.loop = loop
        self.socket = socket
        self.end = end
        peer = end
        isForwarded = loop.shared.proxies?.contains(end) == true
        proxies = isForwarded ? loop.shared.proxies : nil
        awaitsProxyHeader = isForwarded && loop.shared.expectsProxyHeader
        self.transport = transport
        self.slot = slot
        self.generation = generation
        connection = Connection(loop.shared.settings, now: loop.now)
    }

    // MARK: Events

    /// Handles the events that epoll has reported for the socket.
    func ready(_ events: UInt32) {
        if events & EPOLLERR.rawValue != 0 { return giveUp() }
        if events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 {
            isReadable = true
            if events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 { hasHungUp = true }
        }
        if events & EPOLLOUT.rawValue != 0 { isWritable = true }
        drive()
    }

    /// Indicates that the end of the input is known to be waiting, so that a short read may be followed by another.
    private var hasHungUp = false

    /// Checks the deadline during a sweep of the loop.
    func expire() {
        guard connection.deadline <= loop.now else { return }
        connection.expire(now: loop.now)
        drive()
    }

    /// Prepares for the end of the server. Requests that have already arrived are still answered.
    func stop() {
        isReadable = true
        drive()
        connection.stop()
        drive()
    }

    /// Closes the socket at once, even during a request.
    func giveUp() {
        connection.abort()
        if !isDriving { finish() }
    }

    // MARK: Moving on

    /// Does all work that is possible without waiting.
    func drive() {
        guard isOpen, !isDriving else { return }
        isDriving = true
        var reads = 0
        while true {
            if isReadable, connection.wantsInput {
                if reads == Self.readsInARow {
                    loop.goOnLater(self)
                    break
                }
                reads += 1
                fill()
            }
            process()
            let hasMore = isReadable && connection.wantsInput
            if !hasMore, !connection.output.isEmpty, loop.sendSoon(self) { break }
            flush()
            guard isReadable && connection.wantsInput || connection.isHeldBack && isWritable else { break }
        }
        isDriving = false
        endIfDone()
    }

    private func fill() {
        if awaitsProxyHeader { return takeProxyHeader() }
        switch loop.read(self, { connection.receive($0) }) {
        case .moved(_, let isPartial):
            // After a short read the kernel has no more data; the next bytes cause a new edge.
            if isPartial, !hasHungUp { isReadable = false }
        case .wouldBlock:
            isReadable = false
        case .ended:
            isReadable = false
            connection.receiveEnd()
        case .failed:
            isReadable = false
            connection.abort()
        }
    }

    private func takeProxyHeader() {
        switch loop.readProxyHeader(self) {
        case .incomplete:
            // The connection ends, or the next bytes cause a new edge.
            isReadable = false
            if hasHungUp { connection.abort() }
        case nil:
            isReadable = false
            connection.receiveEnd()
        case .malformed:
            loop.counters.refused.add()
            isReadable = false
            connection.abort()
        case .complete(_, let client):
            awaitsProxyHeader = false
            // A proxy that names no client may have passed on fields that the client wrote itself.
            guard let client else { return proxies = nil }
            peer = client
            if proxies?.contains(client) != true { proxies = nil }
        }
    }

    private func process() {
        while true {
            switch connection.advance(now: loop.now) {
            case .wait:
                return
            case .handle(let head, let body):
                start(head, body: body)
            case .refuse(let error, var refused):
                loop.counters.refused.add()
                requestNumber += 1
                refused.peer = peer
                _ = connection.respond(
                    loop.shared.refuse(error, refused), date: loop.date.bytes, now: loop.now)
            case .deliver(let result):
                bodyWaiter?.resume(returning: result)
                bodyWaiter = nil
            }
        }
    }

    private func flush() {
        while !connection.output.isEmpty, isWritable {
            switch connection.output.withUnsafeBytes({ transport.write(socket, $0) }) {
            case .moved(let count, let isPartial):
                loop.counters.bytesSent.add(count)
                connection.sent(count, now: loop.now)
                if isPartial { isWritable = false }
            case .wouldBlock:
                isWritable = false
                connection.sent(0, now: loop.now)
            case .ended, .failed:
                connection.abort()
            }
        }
        if let waiter = drainWaiter, !connection.isCongested {
            drainWaiter = nil
            waiter.resume(returning: connection.phase == .streaming)
        }
    }

    private func endIfDone() {
        guard connection.output.isEmpty else { return }
        switch connection.phase {
        case .closed:
            finish()
        case .lingering where !hasEndedWriting:
            hasEndedWriting = true
            transport.endWriting(socket)
        default:
            break
        }
    }

    private func finish() {
        guard isOpen else { return }
        isOpen = false
        close(socket)
        loop.remove(self)
        bodyWaiter?.resume(returning: .failure(Self.gone))
        bodyWaiter = nil
        drainWaiter?.resume(returning: false)
        drainWaiter = nil
    }

    static let gone = HTTPError(.badRequest, "The client has disconnected.")

    // MARK: Requests

    private func start(_ head: consuming RequestHead, body: [UInt8]?) {
        loop.counters.requests.add()
        requestNumber += 1
        let number = requestNumber
        head.request.peer = proxies?.client(of: head.request.fields, behind: peer) ?? peer
        head.request.isForwarded = isForwarded
        head.request.isSecure = loop.shared.tls != nil
        head.request.id = loop.makeRequestID()
        if let body {
            if !body.isEmpty { head.request.body = RequestBody(body) }
        } else {
            head.request.body = RequestBody(ChannelBody(channel: self, requestNumber: number))
        }
        if let response = answerImmediately(head.request) {
            if connection.respond(response, date: loop.date.bytes, now: loop.now) {
                Task.immediateDetached(executorPreference: loop) { [self] in
                    await stream(response.body, number)
                    drive()
                }
            }
            return
        }
        let handled = head.request
        Task.immediateDetached(executorPreference: loop) { [self] in
            let response: Response
            do {
                response = try await loop.shared.responder.handler(handled)
            } catch {
                response = refusal(of: error, to: handled)
            }
            guard isOpen, number == requestNumber else { return }
            if connection.respond(response, date: loop.date.bytes, now: loop.now) {
                await stream(response.body, number)
            }
            drive()
        }
    }

    /// The response of a service that answers this request without waiting. This saves the task, which costs more than
    /// the rest of the work.
    private func answerImmediately(_ request: Request) -> Response? {
        guard let immediate = loop.shared.responder.immediate else { return nil }
        do {
            return try immediate(request)
        } catch {
            return refusal(of: error, to: request)
        }
    }

    private func refusal(of error: any Error, to request: Request) -> Response {
        let known = error as? HTTPError ?? HTTPError(.internalServerError, "Something went wrong here.")
        return loop.shared.refuse(known, RefusedRequest(request))
    }

    /// Runs the producer of a streamed body.
    private func stream(_ body: ResponseBody, _ number: Int) async {
        guard case .stream(_, let produce) = body else { return }
        do {
            try await produce(ChannelWriter(channel: self, requestNumber: number))
            guard isOpen, number == requestNumber else { return }
            connection.finishStream(now: loop.now)
        } catch {
            // A body that failed must not look complete.
            guard isOpen, number == requestNumber else { return }
            connection.abort()
        }
    }

    // MARK: What handlers wait for

    /// Starts to read the body of a request and resumes `waiter` with it.
    fileprivate func collect(
        _ number: Int, upTo limit: Int, _ waiter: UnsafeContinuation<Result<[UInt8], HTTPError>, Never>
    ) {
        guard isOpen, number == requestNumber, connection.phase == .handling, bodyWaiter == nil else {
            waiter.resume(returning: .failure(Self.gone))
            return
        }
        bodyWaiter = waiter
        connection.collectBody(upTo: limit, now: loop.now)
        drive()
    }

    /// Sends one piece of a streamed body and resumes `waiter` when the next piece may follow.
    fileprivate func write(_ number: Int, _ bytes: [UInt8], _ waiter: UnsafeContinuation<Bool, Never>) {
        guard isOpen, number == requestNumber, drainWaiter == nil, connection.write(bytes) else {
            waiter.resume(returning: false)
            drive()
            return
        }
        drainWaiter = waiter
        drive()
        // Inside `drive`, no later step would flush.
        if isDriving { flush() }
    }
}

/// A request body that is still arriving.
private struct ChannelBody: IncomingBody {
    let channel: Channel
    let requestNumber: Int

    func collect(upTo limit: Int) async throws(HTTPError) -> [UInt8] {
        let result = await withUnsafeContinuation { waiter in
            let isRunning = channel.loop.execute { channel.collect(requestNumber, upTo: limit, waiter) }
            if !isRunning { waiter.resume(returning: .failure(Channel.gone)) }
        }
        return try result.get()
    }
}

/// The destination of a streamed response body.
private struct ChannelWriter: BodyWriter {
    let channel: Channel
    let requestNumber: Int

    func write(_ bytes: [UInt8]) async throws {
        let goesOn = await withUnsafeContinuation { waiter in
            let isRunning = channel.loop.execute { channel.write(requestNumber, bytes, waiter) }
            if !isRunning { waiter.resume(returning: false) }
        }
        guard goesOn else { throw Channel.gone }
    }
}
