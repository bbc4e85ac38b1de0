import Glibc
import Synchronization
import TesseraCLinux

/// One thread that waits on epoll, moves the bytes of its connections, enforces their deadlines and runs their tasks.
///
/// The thread is one long task on the executor that the loop itself is. A handler started with `Task.immediate` is
/// therefore already on its executor and runs without being queued until it suspends (about 0.6 µs for the task). If it
/// were started outside a task, its first `await` would queue it.
///
/// `@unchecked Sendable`: all state except `inbox` and `thread` belongs to the loop's own thread.
final class EventLoop: TaskExecutor, @unchecked Sendable {
    let shared: ServerShared
    let counters = LoopCounters()

    private let epoll: Int32
    private let wake: Int32
    private var listener: Int32
    private let inbox = Mutex(Inbox())
    private let thread = Atomic<UInt>(0)

    private(set) var now = Instant(nanoseconds: 0)
    // Only the loop's thread accesses these, and it makes no calls during an access.
    @exclusivity(unchecked) private(set) var date = HTTPDate()
    @exclusivity(unchecked) private var jobs: [UnownedJob] = []
    private var channels: [Channel?] = []
    private var freeSlots: [Int] = []
    private var openChannels = 0
    @exclusivity(unchecked) private var again: [Channel] = []
    /// Connections whose responses are about to be sent together.
    @exclusivity(unchecked) private var unsent: [Channel] = []
    @exclusivity(unchecked) private var isGathering = false
    private var nextSweep = Instant(nanoseconds: 0)
    private var isListening = false
    private var stopDeadline: Instant?
    private var nextRequestID: UInt64
    private var nextGeneration: UInt32 = 0
    /// The buffer for all reads, so that an idle connection needs none.
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 64)

    /// Work that other threads have for this loop.
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var calls: [@Sendable () -> Void] = []
        var isAwake = false
        var hasEnded = false
    }

    private static let wakeToken: UInt64 = .max
    private static let listenerToken: UInt64 = .max - 1
    /// The interval between checks of deadlines. Deadlines limit abuse, so a fraction of a second does not matter.
    private static let sweepInterval: Int64 = 200_000_000
    /// The largest number of responses that are sent together; few enough that their data is still in the processor's
    /// cache.
    private static let gatheredCount = 16

    init(shared: ServerShared, listener: Int32) throws(ServerError) {
        self.shared = shared
        self.listener = listener
        epoll = tessera_epoll_create()
        wake = tessera_eventfd()
        nextRequestID = UInt64.random(in: .min ... .max)
        guard epoll >= 0, wake >= 0 else {
            throw .system("Cannot create an event loop: \(String(cString: strerror(errno))).")
        }
        _ = watch(wake, EPOLLIN.rawValue, token: Self.wakeToken)
    }

    deinit {
        close(epoll)
        close(wake)
        scratch.deallocate()
    }

    // MARK: Executor

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            jobs.append(job)
            return
        }
        let (mustWake, hasEnded) = inbox.withLock { inbox in
            guard !inbox.hasEnded else { return (false, true) }
            inbox.jobs.append(job)
            defer { inbox.isAwake = true }
            return (!inbox.isAwake, false)
        }
        // A handler that outlives its server must still run to its end.
        if hasEnded { globalConcurrentExecutor.enqueue(job) }
        if mustWake { wakeUp() }
    }

    /// Indicates that the caller is on this loop's thread.
    var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Calls `body` on the loop's thread: at once if the caller is on that thread, otherwise soon.
    ///
    /// - Returns: `false`, without calling `body`, if the loop has ended.
    @discardableResult
    func execute(_ body: @escaping @Sendable () -> Void) -> Bool {
        if isCurrent {
            body()
            return true
        }
        let (mustWake, hasEnded) = inbox.withLock { inbox in
            guard !inbox.hasEnded else { return (false, true) }
            inbox.calls.append(body)
            defer { inbox.isAwake = true }
            return (!inbox.isAwake, false)
        }
        if mustWake { wakeUp() }
        return !hasEnded
    }

    private func wakeUp() {
        var one: UInt64 = 1
        _ = Glibc.write(wake, &one, 8)
    }

    // MARK: The thread

    /// The complete work of the loop's thread.
    func runThread() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        Task.detached(executorPreference: self) { [self] in run() }
        // The task above is the first job; it returns when the loop ends.
        runJobs()
        thread.store(0, ordering: .relaxed)
        let left = inbox.withLock { inbox in
            inbox.hasEnded = true
            defer { inbox.jobs = [] }
            return inbox.jobs
        }
        for job in left { globalConcurrentExecutor.enqueue(job) }
        for job in jobs { globalConcurrentExecutor.enqueue(job) }
        jobs = []
    }

    private func run() {
        tick()
        startListening()
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        while true {
            let count = epoll_wait(epoll, &events, Int32(events.count), timeout())
            tick()
            if count > 0 {
                gather(Int(count)) { dispatch(events[$0]) }
            }
            takeInbox()
            runJobs()
            runAgain()
            if now >= nextSweep { sweep() }
            if stopDeadline != nil, openChannels == 0, jobs.isEmpty { break }
        }
    }

    /// Reads the clock, once in each turn of the loop.
    private func tick() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        now = Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
        date.refresh()
    }

    private func timeout() -> Int32 {
        if !jobs.isEmpty || !again.isEmpty { return 0 }
        // A loop without connections sleeps until one arrives. A loop that has stopped listening checks again soon.
        guard openChannels > 0 || stopDeadline != nil || !isListening else { return -1 }
        let nanoseconds = nextSweep.nanoseconds - now.nanoseconds
        return Int32(clamping: max(0, nanoseconds / 1_000_000 + 1))
    }

    private func dispatch(_ event: epoll_event) {
        switch event.data.u64 {
        case Self.wakeToken:
            var value: UInt64 = 0
            _ = Glibc.read(wake, &value, 8)
        case Self.listenerToken:
            accept()
        default:
            let slot = Int(event.data.u64 & 0xFFFF_FFFF)
            guard slot < channels.count, let channel = channels[slot],
                channel.generation == UInt32(event.data.u64 >> 32)
            else { return }
            channel.ready(event.events)
        }
    }

    private func takeInbox() {
        let calls = inbox.withLock { inbox -> [@Sendable () -> Void] in
            inbox.isAwake = false
            jobs.append(contentsOf: inbox.jobs)
            inbox.jobs.removeAll(keepingCapacity: true)
            // Usually there are no calls, and then no array is touched.
            guard !inbox.calls.isEmpty else { return [] }
            defer { inbox.calls.removeAll(keepingCapacity: true) }
            return inbox.calls
        }
        for call in calls { call() }
    }

    /// Runs the queued jobs. Jobs that they add wait for the next turn, so that sockets get theirs.
    private func runJobs() {
        guard !jobs.isEmpty else { return }
        let batch = jobs
        jobs = []
        let executor = asUnownedTaskExecutor()
        gather(batch.count) { batch[$0].runSynchronously(on: executor) }
    }

    /// Continues a connection in the next turn, after it has used its share of this one.
    func goOnLater(_ channel: Channel) { again.append(channel) }

    /// Calls `body` for each number from 0 up to `count`, and sends the responses that result together.
    private func gather(_ count: Int, _ body: (Int) -> Void) {
        isGathering = count > 1
        for number in 0..<count {
            body(number)
            if unsent.count == Self.gatheredCount { sendGathered() }
        }
        sendGathered()
        isGathering = false
    }

    /// Delays the output of a connection until other connections of this turn have been answered. Returns `false` if
    /// the output should be sent at once, because there are no other connections.
    ///
    /// Sending wakes the receiver. If the receiver sleeps on another core, waking it costs more than the rest of
    /// sending. A receiver that gets several responses together is woken once.
    func sendSoon(_ channel: Channel) -> Bool {
        guard isGathering else { return false }
        unsent.append(channel)
        return true
    }

    private func sendGathered() {
        guard !unsent.isEmpty else { return }
        isGathering = false
        for channel in unsent { channel.drive() }
        unsent.removeAll(keepingCapacity: true)
        isGathering = true
    }

    private func runAgain() {
        guard !again.isEmpty else { return }
        let batch = again
        again = []
        for channel in batch { channel.drive() }
    }

    private func sweep() {
        nextSweep = now.advanced(byNanoseconds: Self.sweepInterval)
        for channel in channels where channel != nil { channel?.expire() }
        if !isListening { startListening() }
        guard let stopDeadline, stopDeadline <= now else { return }
        for channel in channels where channel != nil { channel?.giveUp() }
    }

    // MARK: Connections

    private func watch(_ socket: Int32, _ events: UInt32, token: UInt64) -> Bool {
        var event = epoll_event(events: events, data: epoll_data_t(u64: token))
        return epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) == 0
    }

    private func startListening() {
        guard stopDeadline == nil, listener >= 0 else { return }
        // Only one thread wakes up for a connection, also if loops share a socket.
        isListening = watch(
            listener, EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue, token: Self.listenerToken)
    }

    private func accept() {
        for _ in 0..<64 {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let socket = withUnsafeMutablePointer(to: &storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    tessera_accept(listener, $0, &length)
                }
            }
            guard socket >= 0 else {
                switch errno {
                case EINTR, ECONNABORTED: continue
                case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                    // The connection stays in the queue, and epoll would report it without end. Stop watching until the
                    // next sweep.
                    epoll_ctl(epoll, EPOLL_CTL_DEL, listener, nil)
                    isListening = false
                    return
                default: return
                }
            }
            open(socket, SocketAddress.peer(storage))
        }
    }

    private func open(_ socket: Int32, _ peer: PeerAddress) {
        counters.accepted.add()
        guard shared.admission.admit(peer) else {
            counters.turnedAway.add()
            counters.closed.add()
            close(socket)
            return
        }
        var transport = Transport.plain
        if let context = shared.tls {
            guard let session = TLSSession(context, socket: socket) else {
                shared.admission.leave(peer)
                counters.closed.add()
                close(socket)
                return
            }
            transport = .tls(session)
        }
        if peer != .local {
            _ = tessera_no_delay(socket)
        }
        let slot = freeSlots.popLast() ?? channels.count
        if slot == channels.count { channels.append(nil) }
        nextGeneration &+= 1
        let channel = Channel(
            loop: self, socket: socket, end: peer, transport: transport, slot: slot,
            generation: nextGeneration & 0x7FFF_FFFF)
        channels[slot] = channel
        openChannels += 1
        // Set once for the life of the connection: edge-triggered events need no re-arming.
        let events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        guard watch(socket, events, token: UInt64(channel.generation) << 32 | UInt64(slot)) else {
            channel.giveUp()
            return
        }
    }

    /// Removes a connection that has been closed.
    func remove(_ channel: Channel) {
        channels[channel.slot] = nil
        freeSlots.append(channel.slot)
        openChannels -= 1
        counters.closed.add()
        shared.admission.leave(channel.end)
    }

    /// Reads into the loop's buffer and passes the bytes to `body`.
    func read(_ channel: Channel, _ body: (UnsafeRawBufferPointer) -> Void) -> Transport.Outcome {
        let outcome = channel.transport.read(channel.socket, into: scratch)
        if case .moved(let count, _) = outcome {
            counters.bytesReceived.add(count)
            body(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
        }
        return outcome
    }

    /// Reads the PROXY protocol header at the start of a connection, and removes it from the socket once it is
    /// complete. The header comes before TLS, so this reads from the socket directly.
    ///
    /// - Returns: `nil` if the connection ended before its first byte.
    func readProxyHeader(_ channel: Channel) -> ProxyHeader? {
        while true {
            let count = tessera_peek(channel.socket, scratch.baseAddress, ProxyHeader.longest)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return .incomplete }
            guard count > 0 else { return nil }
            let bytes = UnsafeBufferPointer(rebasing: scratch.bindMemory(to: UInt8.self)[..<count])
            let header = ProxyHeader.parse(bytes.span)
            if case .complete(let length, _) = header {
                // The same bytes were peeked at just before, and no other thread reads.
                guard tessera_receive(channel.socket, scratch.baseAddress, length) == length else {
                    return .malformed
                }
                counters.bytesReceived.add(length)
            }
            return header
        }
    }

    /// A new request identifier: a counter with a random start, mixed with the finaliser of SplitMix64.
    func makeRequestID() -> RequestID {
        nextRequestID &+= 0x9E37_79B9_7F4A_7C15
        var value = nextRequestID
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return RequestID(value: value ^ (value >> 31))
    }

    /// Stops listening, finishes the requests in progress, and ends when all are done or the grace period is over.
    func stop(within grace: Int64) {
        execute { [self] in
            guard stopDeadline == nil else { return }
            stopDeadline = now.advanced(byNanoseconds: grace)
            if isListening {
                // Clients in the queue connected before the server stopped.
                accept()
                epoll_ctl(epoll, EPOLL_CTL_DEL, listener, nil)
            }
            isListening = false
            listener = -1
            nextSweep = now
            for channel in channels where channel != nil { channel?.stop() }
        }
    }
}
