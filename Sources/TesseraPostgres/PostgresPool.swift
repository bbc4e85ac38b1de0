import Glibc
import Synchronization
import TesseraCPostgres
import TesseraDatabase
import TesseraTime

/// The only thread that communicates with the server, over a few connections.
///
/// Requests that wait together are sent together: reads of many callers in one segment of a pipeline, and changes in one
/// transaction, so that they share one `fsync`. A failed segment has changed nothing, and each of its requests is then sent
/// alone. Only `poll` blocks this thread: other threads make the connections.
///
/// Every caller gets an answer. A request that waits too long fails, and a connection that does not answer for as long is
/// dropped. The same thread receives the notifications from other nodes.
// Safe: only the thread accesses the state under "The thread's own".
final class PostgresPool: @unchecked Sendable {
    /// The largest number of reads in one segment, so that the first one does not wait long for the last.
    private static let readGroup = 64
    /// The largest number of changes in one transaction.
    private static let changeGroup = 256
    /// The largest number of segments of reads under way on one connection.
    private static let pipelineDepth = 3
    /// The largest number of attempts for a request that could not be serialised with others.
    private static let attemptLimit = 5

    private let url: PostgresURL
    private let options: PostgresDatabase.Options
    private let inbox: PostgresInbox
    private let outstanding = Atomic<Int>(0)
    private let thread = BackgroundThread()
    private let counters = PostgresCounters()
    let hearing = Hearing()

    // The thread's own.
    private var connections: [PostgresConnection] = []
    private var reads: [PostgresRequest] = []
    private var changes: [PostgresRequest] = []
    /// The wanted number of connections, which grows when all are busy.
    private var wantedConnections = 1
    private var isConnecting = false
    private var backOff = PostgresBackOff()
    private var nextAttempt: Int64 = 0
    /// The number of connections that were lost and not replaced.
    private var lostConnections = 0
    /// The instant since which there has been no connection; `nil` when there is one.
    private var downSince: Int64?
    private var nextExpiry: Int64 = 0
    private let channel: PostgresChannel

    init(_ url: PostgresURL, _ options: PostgresDatabase.Options) throws(StoreError) {
        inbox = try PostgresInbox()
        channel = PostgresChannel(options.channel, hearing, counters)
        self.url = url
        self.options = options
        guard thread.start({ [self] in work() }) else {
            throw StoreError(.unavailable, "The system has no thread for talking to PostgreSQL.")
        }
    }

    /// The waiting requests, the requests under way, and totals.
    var traffic: StoreTraffic { counters.traffic(limit: options.connectionCount) }

    /// Sends statements and waits for their answers.
    ///
    /// - Throws: ``StoreError``; `.unavailable` at once when too many requests wait, the pool is closed, or the server has been
    ///   away for long.
    func run(
        _ kind: PostgresRequest.Kind, _ steps: [PostgresStep], locking lock: PostgresLock = .none,
        isImpatient: Bool = false
    ) async throws(StoreError) -> [PostgresResult] {
        let deadline = monotonicNow.addingClamped(options.requestTimeout.wholeNanoseconds)
        let answer: PostgresRequest.Answer = await withCheckedContinuation { continuation in
            submit(
                PostgresRequest(
                    kind, steps, locking: lock, deadline: deadline, isImpatient: isImpatient, continuation))
        }
        return try answer.get()
    }

    /// Indicates that the pool is closed.
    var isClosed: Bool { inbox.isClosed }

    /// Calls `handler` with the events of the channel, on the thread of the pool. The first event is
    /// ``PostgresChannel/Event/lost``, before this method returns: no notification arrives yet.
    func listen(_ handler: @escaping PostgresChannel.Handler) {
        handler(.lost)
        inbox.put(handler)
    }

    /// Finishes the waiting requests, closes the connections and ends the thread. Takes at most `requestTimeout`.
    func close() {
        guard inbox.close() else { return }
        thread.join()
    }

    // MARK: From other threads

    private func submit(_ request: PostgresRequest) {
        let count = outstanding.wrappingAdd(1, ordering: .relaxed).oldValue
        let isFull = count >= options.queueCapacity
        guard let refusal = inbox.put(request, unless: isFull ? Self.full : nil) else { return }
        if isFull { counters.countRefusal() }
        answer(request, .failure(refusal))
    }

    private func answer(_ request: PostgresRequest, _ answer: PostgresRequest.Answer) {
        if request.answer(answer) { outstanding.wrappingSubtract(1, ordering: .relaxed) }
    }

    // MARK: The thread

    private func work() {
        while true {
            let isClosing = takeInbox()
            let now = monotonicNow
            if now >= nextExpiry { expire(now) }
            dispatch()
            grow(now)
            if channel.step(now), !isClosing { connectChannel(now) }
            counters.publish(connections: connections, reads: reads.count, changes: changes.count)
            if isClosing, outstanding.load(ordering: .relaxed) == 0 { break }
            wait(now)
        }
        connections = []
        channel.close()
    }

    private func takeInbox() -> Bool {
        let content = inbox.take()
        for handler in content.handlers { channel.add(handler) }
        for request in content.requests {
            switch request.kind {
            case .read: reads.append(request)
            case .change: changes.append(request)
            }
        }
        for connection in content.connections {
            switch connection {
            case .ofPool(let made): take(made)
            case .ofChannel(let made): channel.take(made, monotonicNow)
            }
        }
        return content.isClosed
    }

    private func wait(_ now: Int64) {
        var events = [pollfd(fd: inbox.descriptor, events: Int16(POLLIN), revents: 0)]
        for connection in connections {
            let wanted = connection.wantsToWrite ? POLLIN | POLLOUT : POLLIN
            events.append(pollfd(fd: connection.descriptor, events: Int16(wanted), revents: 0))
        }
        if let connection = channel.connection {
            events.append(pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0))
        }
        var end = channel.nextStep
        if outstanding.load(ordering: .relaxed) > 0 { end = min(end, nextExpiry) }
        if connections.count < wantedConnections, !isConnecting { end = min(end, nextAttempt) }
        // Rounded up, so that what it waits for is due when it wakes up.
        let milliseconds = end == .max ? -1 : max(0, (end - now + 999_999) / 1_000_000)
        guard poll(&events, nfds_t(events.count), Int32(clamping: milliseconds)) > 0 else { return }
        // Changes by other nodes come first.
        if channel.connection != nil, events[events.count - 1].revents != 0 { channel.serve(monotonicNow) }
        if events[0].revents != 0 { inbox.quieten() }
        for (connection, event) in zip(connections, events.dropFirst()) where event.revents != 0 {
            serve(connection)
        }
    }

    private func serve(_ connection: PostgresConnection) {
        // The connection is dropped only after all arrived answers were read.
        var end: StoreError?
        do throws(StoreError) {
            try connection.receive { segment in end = finish(segment) ?? end }
            // Not only when there is room: TLS may have to receive before it can send.
            if connection.wantsToWrite { try connection.flush() }
        } catch {
            end = end ?? error
        }
        if let end { lose(connection, end) }
    }

    // MARK: Sending

    private func dispatch() {
        sendChanges()
        sendReads()
    }

    /// One segment of changes on a connection at a time, on at most half of them: the longer one takes, the more go
    /// together in the next.
    private func sendChanges() {
        while !changes.isEmpty {
            let busy = connections.count(where: \.hasChanges)
            guard busy < max(1, options.connectionCount / 2),
                let connection = connections.filter({ !$0.hasChanges })
                    .min(by: { $0.segments.count < $1.segments.count })
            else { break }
            // Rather one more connection than waiting behind reads.
            if !connection.segments.isEmpty { wantMore() }
            send(Self.takeGroup(&changes, Self.changeGroup), connection)
        }
        if !changes.isEmpty { wantMore() }
    }

    private func sendReads() {
        while !reads.isEmpty {
            let free = connections.filter { $0.segments.count < Self.pipelineDepth }
            // Behind a change a read would wait for the disk.
            let best = free.min { left, right in
                (left.hasChanges ? 1 : 0, left.segments.count)
                    < (right.hasChanges ? 1 : 0, right.segments.count)
            }
            guard let connection = best else { break }
            if !connection.segments.isEmpty { wantMore() }
            send(Self.takeGroup(&reads, Self.readGroup), connection)
        }
        if !reads.isEmpty { wantMore() }
    }

    /// The next that may share a transaction, in the order of their locks.
    private static func takeGroup(_ queue: inout [PostgresRequest], _ limit: Int) -> [PostgresRequest] {
        var count = 1
        if !queue[0].isAlone {
            while count < min(limit, queue.count), !queue[count].isAlone { count += 1 }
        }
        let group = queue.prefix(count).sorted { $0.lock < $1.lock }
        queue.removeFirst(count)
        return group
    }

    private func send(_ requests: [PostgresRequest], _ connection: PostgresConnection) {
        counters.countGroup(requests[0].kind, requests.count)
        do throws(StoreError) {
            let prelude = requests[0].kind == .read ? options.target.prelude?.step() : nil
            try connection.send(requests, after: prelude)
        } catch {
            lose(connection, error)
        }
    }

    // MARK: Answering

    /// - Returns: The reason why the connection is no longer usable; `nil` when it is usable.
    private func finish(_ segment: PostgresSegment) -> StoreError? {
        // Before the answers: the callers' next actions depend on it.
        if segment.tells { channel.noteOwnChange() }
        guard let failure = segment.failure else {
            let fault = segment.preludeAnswer.flatMap { options.target.prelude?.fault($0) }
            for request in segment.requests {
                answer(request, fault.map { .failure($0) } ?? .success(segment.results(of: request)))
            }
            return fault
        }
        let isGroup = segment.requests.count > 1
        for request in segment.requests.reversed() where !request.isAnswered {
            let mayRepeat: Bool
            switch request.kind {
            case .read:
                let isWorthIt = isGroup || failure.isTransient || failure.endsConnection && !request.wasLost
                mayRepeat = options.target.repeatsReads && isWorthIt
                request.wasLost = request.wasLost || failure.endsConnection
            case .change:
                mayRepeat = segment.isUndone && (isGroup || failure.isTransient)
            }
            if mayRepeat && (isGroup || request.attempts < Self.attemptLimit) {
                request.isAlone = true
                putBack(request)
            } else {
                answer(request, .failure(Self.end(of: request, in: segment, failure.storeError)))
            }
        }
        return failure.endsConnection ? failure.storeError : nil
    }

    private func putBack(_ request: PostgresRequest) {
        switch request.kind {
        case .read: reads.insert(request, at: 0)
        case .change: changes.insert(request, at: 0)
        }
    }

    /// Drops a connection. Its unanswered statements may have happened or not: reads are repeated, changes are not.
    private func lose(_ connection: PostgresConnection, _ error: StoreError) {
        guard let index = connections.firstIndex(where: { $0 === connection }) else { return }
        connections.remove(at: index)
        lostConnections += 1
        if connections.isEmpty { downSince = downSince ?? monotonicNow }
        for segment in connection.segments.reversed() {
            if segment.tells { channel.noteOwnChange() }
            for request in segment.requests.reversed() where !request.isAnswered {
                if request.kind == .read, options.target.repeatsReads, !request.wasLost {
                    request.wasLost = true
                    putBack(request)
                } else {
                    answer(request, .failure(Self.end(of: request, in: segment, error)))
                }
            }
        }
    }

    /// The error of a request that was sent and will not be repeated.
    private static func end(
        of request: PostgresRequest, in segment: PostgresSegment, _ error: StoreError
    ) -> StoreError {
        if request.kind == .read { return error }
        if segment.isUndone { return segment.failure?.storeError ?? error }
        return .outcomeUnknown(error.sentence)
    }

    private func expire(_ now: Int64) {
        nextExpiry = now + 50_000_000
        let late = StoreError(.unavailable, "PostgreSQL: the server has not answered in time.")
        for queue in [reads, changes] {
            for request in queue where request.deadline <= now { answer(request, .failure(late)) }
        }
        reads.removeAll(where: \.isAnswered)
        changes.removeAll(where: \.isAnswered)
        for connection in connections {
            for segment in connection.segments {
                for request in segment.requests where request.deadline <= now {
                    answer(request, .failure(Self.end(of: request, in: segment, late)))
                }
            }
            if let first = connection.segments.first,
                first.sentAt.addingClamped(options.requestTimeout.wholeNanoseconds) <= now
            {
                lose(connection, late)
            }
        }
    }

    // MARK: Connecting

    private func wantMore() {
        // One at a time: the next is wanted only when this one is not enough.
        if connections.count == wantedConnections {
            wantedConnections = min(wantedConnections + 1, options.connectionCount)
        }
    }

    private func grow(_ now: Int64) {
        guard connections.count < wantedConnections, !isConnecting, now >= nextAttempt else { return }
        isConnecting = true
        let isStarted = connect(PostgresInbox.Made.ofPool) { connection throws(StoreError) in
            try connection.enterPipeline()
        }
        if !isStarted { take(.failure(Self.noThread)) }
    }

    private func connectChannel(_ now: Int64) {
        let isStarted = connect(PostgresInbox.Made.ofChannel) { [options] connection throws(StoreError) in
            try PostgresChannel.prepare(connection, options.channel)
        }
        if !isStarted { channel.take(.failure(Self.noThread), now) }
    }

    /// Connects on a thread of its own, which puts the result into the inbox.
    ///
    /// - Returns: `true` when the system had a thread.
    private func connect(
        _ kind: @escaping @Sendable (Result<PostgresConnection, StoreError>) -> PostgresInbox.Made,
        _ prepare: @escaping @Sendable (PostgresConnection) throws(StoreError) -> Void
    ) -> Bool {
        BackgroundThread.run { [self] in
            let made: Result<PostgresConnection, StoreError>
            do throws(StoreError) {
                let connection = try PostgresConnection(url, options)
                try prepare(connection)
                made = .success(connection)
            } catch {
                made = .failure(error)
            }
            inbox.put(kind(made))
        }
    }

    private func take(_ made: Result<PostgresConnection, StoreError>) {
        isConnecting = false
        switch made {
        case .success(let connection):
            options.target.prelude?.met()
            connections.append(connection)
            if lostConnections > 0 {
                lostConnections -= 1
                counters.countReconnection()
            }
            backOff.reset()
            nextAttempt = 0
            downSince = nil
            inbox.refusal = nil
        case .failure(let error):
            let now = monotonicNow
            nextAttempt = now + backOff.next()
            guard connections.isEmpty else { return }
            let since = downSince ?? now
            downSince = since
            // A new request would wait in vain.
            let isLong = now - since > options.requestTimeout.wholeNanoseconds
            if isLong { inbox.refusal = error }
            for queue in [reads, changes] {
                for request in queue where isLong || request.isImpatient {
                    answer(request, .failure(error))
                }
            }
            reads.removeAll(where: \.isAnswered)
            changes.removeAll(where: \.isAnswered)
        }
    }

    private static let noThread = StoreError(
        .unavailable, "The system has no thread for connecting to PostgreSQL.")
    private static let full = StoreError(.unavailable, "Too many requests are waiting for PostgreSQL.")
}

extension PostgresConnection {
    /// Indicates that changes are under way.
    fileprivate var hasChanges: Bool { segments.contains { $0.requests[0].kind == .change } }
}
