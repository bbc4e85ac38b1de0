import Synchronization

/// One HTTP/1.1 connection without its socket: events go in, actions come out.
///
/// The owner reports each event (``receive(_:)``, ``receiveEnd()``, ``expire(now:)``, ``respond(_:date:now:)`` …),
/// calls ``advance(now:)`` until it returns `wait`, and then sends the bytes in `output`. Requests are answered in
/// order. After a refusal, the rest of the input is ignored.
struct Connection {
    /// The next action for the owner.
    enum Action: ~Copyable {
        /// Wait for the next event.
        case wait
        /// Answer this request. The body is complete, or `nil` if it must still be read.
        case handle(RequestHead, body: [UInt8]?)
        /// Answer with a refusal. The connection closes after this response.
        case refuse(HTTPError, RefusedRequest)
        /// Deliver the body, or the error, to the task that waits for it.
        case deliver(Result<[UInt8], HTTPError>)
    }

    /// The phase of the connection.
    enum Phase {
        /// Waiting for a request, or reading a header.
        case head
        /// A handler has the request; the body may still be arriving.
        case handling
        /// The owner is making a refusal.
        case refusing
        /// A response body is being streamed.
        case streaming
        /// The response is complete; the unread rest of the request body is read and discarded.
        case draining
        /// The last response is sent or queued; input is discarded so that the client can read the response.
        case lingering
        /// Finished, except for bytes in `output` that must still be sent.
        case closed
    }

    private enum Inbound { case finished, length, chunked }

    private(set) var phase = Phase.head
    /// The bytes to send.
    private(set) var output = PendingBytes()
    /// The time at which ``expire(now:)`` must be called at the latest.
    var deadline: Instant { min(phaseDeadline, writeDeadline) }

    private let settings: ConnectionSettings
    private var parser = RequestParser()
    private var input = PendingBytes()
    private var inputEnded = false
    private var phaseDeadline: Instant
    private var writeDeadline = Instant.never
    private var writeProgress = 0
    private var isStopping = false
    /// Indicates that parsing paused because too much output was queued.
    private var isCongestedHead = false

    // / State of the request that is being answered.
    private var inbound = Inbound.finished
    private var remaining = 0
    private var decoder: ChunkedDecoder
    private var collected: [UInt8]? = nil
    private var collectLimit: Int? = nil
    private var expectsContinue = false
    private var mustClose = false
    private var isHead = false
    private var isHTTP10 = false
    private var bodyFailure: HTTPError?

    // / State of the response that is being streamed.
    private var isChunked = false
    private var unsent: Int?

    private var drained = 0
    private var lingered = 0

    init(_ settings: ConnectionSettings, now: Instant) {
        self.settings = settings
        decoder = ChunkedDecoder(limits: settings.limits)
        phaseDeadline = now.advanced(byNanoseconds: settings.headerTime)
    }

    // MARK: What happens

    /// Takes bytes that have arrived.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        switch phase {
        case .lingering:
            lingered += bytes.count
            if lingered > settings.limits.lingeringBytes { phase = .closed }
        case .closed, .refusing:
            break
        default:
            input.append(bytes)
        }
    }

    /// Notes that the client has closed its side of the connection.
    mutating func receiveEnd() {
        inputEnded = true
        if phase == .lingering { phase = .closed }
    }

    /// Indicates that more input is useful now. Otherwise the bytes stay in the kernel, which slows the client down.
    var wantsInput: Bool {
        switch phase {
        case .head, .draining, .lingering: output.count < settings.limits.bufferedOutput
        case .handling: collectLimit != nil || input.count < 16 * 1024
        case .refusing, .streaming: input.count < 16 * 1024
        case .closed: false
        }
    }

    /// Indicates that requests wait until more of the earlier responses has been sent.
    var isHeldBack: Bool {
        phase == .head && !input.isEmpty && isCongestedHead && output.count < settings.limits.bufferedOutput
    }

    /// Indicates that no byte of a request has arrived.
    private var isIdle: Bool { phase == .head && input.isEmpty }

    /// Prepares for the end of the server: the connection closes after the present response.
    mutating func stop() {
        isStopping = true
        if isIdle { close() }
    }

    /// Notes that `count` bytes of `output` have been sent.
    mutating func sent(_ count: Int, now: Instant) {
        output.consume(count)
        writeProgress += count
        if output.isEmpty {
            writeDeadline = .never
        } else if writeDeadline == .never || writeProgress >= 4096 {
            // A client must accept 4 KiB at a time; otherwise one byte each half minute would keep the connection open
            // for ever.
            writeDeadline = now.advanced(byNanoseconds: settings.writeStallTime)
            writeProgress = 0
        }
    }

    /// Drops the connection: discards all input and output.
    mutating func abort() {
        phase = .closed
        input.removeAll()
        output.removeAll()
        writeDeadline = .never
        phaseDeadline = .never
    }

    /// Handles a deadline that has passed.
    mutating func expire(now: Instant) {
        if writeDeadline <= now { return abort() }
        guard phaseDeadline <= now else { return }
        phaseDeadline = .never
        switch phase {
        case .head:
            if input.isEmpty {
                close()
            } else {
                bodyFailure = HTTPError(.requestTimeout, "The header took too long.")
            }
        case .handling:
            bodyFailure = HTTPError(.requestTimeout, "The body took too long.")
        case .draining:
            close()
        case .lingering:
            abort()
        case .refusing, .streaming, .closed:
            break
        }
    }

    // MARK: What is to be done

    /// Returns the next action.
    mutating func advance(now: Instant) -> Action {
        switch phase {
        case .head: return readHead(now: now)
        case .handling: return collectLimit == nil ? .wait : readBody()
        case .draining: return drain(now: now)
        case .refusing, .streaming, .lingering, .closed: return .wait
        }
    }

    private mutating func readHead(now: Instant) -> Action {
        if let failure = bodyFailure { return refuse(failure) }
        isCongestedHead = output.count >= settings.limits.bufferedOutput
        guard !isCongestedHead else { return .wait }
        guard !input.isEmpty else {
            if inputEnded { phase = .closed }
            return .wait
        }
        let hadBegun = parser.hasBegun
        do {
            // A second reference to the storage while the parser runs, so that `parser` can change; nothing is copied.
            let bytes = input.storage
            var found = try parser.advance(bytes.span.extracting(input.start..<input.end), settings)
            // Takes the head instead of copying it.
            if let head = found.take() {
                input.consume(head.length)
                return begin(head)
            }
        } catch {
            return refuse(error)
        }
        if inputEnded { phase = .closed }
        if !hadBegun { phaseDeadline = now.advanced(byNanoseconds: settings.headerTime) }
        return .wait
    }

    private mutating func begin(_ head: consuming RequestHead) -> Action {
        phase = .handling
        phaseDeadline = .never
        isHead = head.request.method == .head
        isHTTP10 = head.isHTTP10
        mustClose = !head.keepsAlive
        expectsContinue = head.expectsContinue
        switch head.framing {
        case .none:
            inbound = .finished
            return .handle(head, body: [])
        case .length(let length):
            if input.count >= length {
                inbound = .finished
                let body = input.storage.span.array(input.start..<(input.start + length))
                input.consume(length)
                return .handle(head, body: body)
            }
            inbound = .length
            remaining = length
            return .handle(head, body: nil)
        case .chunked:
            inbound = .chunked
            decoder = ChunkedDecoder(limits: settings.limits)
            return .handle(head, body: nil)
        }
    }

    private mutating func refuse(_ error: HTTPError) -> Action {
        phase = .refusing
        phaseDeadline = .never
        bodyFailure = nil
        inbound = .finished
        mustClose = true
        isHead = false
        let bytes = input.storage
        let refused = parser.refusedRequest(bytes.span.extracting(input.start..<input.end), settings)
        input.removeAll()
        return .refuse(error, refused)
    }

    // MARK: The request's body

    /// Starts to read the complete body.
    ///
    /// - Parameter limit: The largest accepted size in bytes.
    mutating func collectBody(upTo limit: Int, now: Instant) {
        guard phase == .handling, collectLimit == nil else { return }
        collectLimit = limit
        if inbound == .length, remaining > limit {
            bodyFailure = HTTPError(.contentTooLarge, "The body is larger than \(limit) bytes.")
            return
        }
        collected = []
        if inbound == .length { collected?.reserveCapacity(min(remaining, 64 * 1024)) }
        phaseDeadline = now.advanced(byNanoseconds: settings.bodyTime)
        if expectsContinue, input.isEmpty, inbound != .finished {
            output.append("HTTP/1.1 100 Continue\r\n\r\n")
        }
        expectsContinue = false
    }

    private mutating func readBody() -> Action {
        guard let limit = collectLimit else { return .wait }
        if bodyFailure == nil {
            do {
                try take(beyond: limit - (collected?.count ?? 0))
                if (collected?.count ?? 0) > limit {
                    bodyFailure = HTTPError(.contentTooLarge, "The body is larger than \(limit) bytes.")
                } else if inbound != .finished, inputEnded {
                    bodyFailure = HTTPError(
                        .badRequest, "The client disconnected before the end of the body.")
                }
            } catch {
                bodyFailure = error
            }
        }
        if let failure = bodyFailure {
            bodyFailure = nil
            collectLimit = nil
            collected = nil
            phaseDeadline = .never
            // The start of the next request is unknown once this body has failed.
            mustClose = true
            return .deliver(.failure(failure))
        }
        guard inbound == .finished else { return .wait }
        collectLimit = nil
        phaseDeadline = .never
        let body = collected ?? []
        collected = nil
        return .deliver(.success(body))
    }

    /// Moves bytes of the body from `input` to `collected` and returns their number. Takes at most one byte more than
    /// `allowed`, which is enough to detect a body that is too large.
    @discardableResult
    private mutating func take(beyond allowed: Int) throws(HTTPError) -> Int {
        let limit = allowed < .max ? allowed + 1 : allowed
        switch inbound {
        case .finished:
            return 0
        case .length:
            let count = min(remaining, input.count, limit)
            guard count > 0 else { return 0 }
            collected?.append(contentsOf: input.storage[input.start..<(input.start + count)])
            input.consume(count)
            remaining -= count
            if remaining == 0 { inbound = .finished }
            return count
        case .chunked:
            let (consumed, data) = try advanceDecoder(limit: limit)
            input.consume(consumed)
            if decoder.isFinished { inbound = .finished }
            return data
        }
    }

    private mutating func advanceDecoder(limit: Int) throws(HTTPError) -> (consumed: Int, data: Int) {
        let bytes = input.storage
        return try decoder.advance(
            bytes.span.extracting(input.start..<input.end), limit: limit, into: &collected)
    }

    /// Reads the unread rest of a request body if it is short.
    private mutating func drain(now: Instant) -> Action {
        do {
            drained += try take(beyond: settings.limits.drainedBody - drained)
            if inbound == .finished {
                nextRequest(now: now)
                return advance(now: now)
            }
            if drained > settings.limits.drainedBody || inputEnded { close(now: now) }
        } catch {
            close(now: now)
        }
        return .wait
    }

    // MARK: The answer

    /// Writes a response, or the start of a streamed response.
    ///
    /// - Parameter date: The value of the `Date` field.
    /// - Returns: `true` if the body must now be streamed with ``write(_:)`` and ``finishStream(now:)``.
    mutating func respond(_ response: Response, date: [UInt8], now: Instant) -> Bool {
        guard phase == .handling || phase == .refusing else { return false }
        guard !response.hasEngineFields else {
            return respond(response.withoutEngineFields, date: date, now: now)
        }
        collectLimit = nil
        collected = nil
        bodyFailure = nil
        if isStopping || settings.isDraining.load(ordering: .relaxed) { mustClose = true }
        if inbound != .finished {
            // A client that waits for 100 may or may not send the body; only closing is unambiguous (RFC 9110 §10.1.1).
            let isLittle = inbound == .chunked || remaining <= settings.limits.drainedBody
            if expectsContinue || !isLittle { mustClose = true }
        }
        let hasNoBody = response.status.code == 204 || response.status.code == 304
        var streams = false
        isChunked = false
        unsent = nil
        if case .stream(let length, _) = response.body, !hasNoBody, length == nil, isHTTP10 {
            mustClose = true
        }

        let (mustClose, isHTTP10, isHead) = (mustClose, isHTTP10, isHead)
        var bodyCount = 0
        if case .bytes(let bytes) = response.body, !isHead, !hasNoBody { bodyCount = bytes.count }
        output.write(atMost: response.headCapacity + bodyCount) { output in
            output.putHead(response, date: date)
            if mustClose {
                output.put("Connection: close\r\n")
            } else if isHTTP10 {
                output.put("Connection: keep-alive\r\n")
            }
            if hasNoBody {
                output.put("\r\n")
                return
            }
            switch response.body {
            case .empty:
                output.put("Content-Length: 0\r\n\r\n")
            case .bytes(let bytes):
                output.put("Content-Length: ")
                output.put(decimal: bytes.count)
                output.put("\r\n\r\n")
                if !isHead { output.put(bytes) }
            case .stream(let length?, _):
                output.put("Content-Length: ")
                output.put(decimal: max(length, 0))
                output.put("\r\n\r\n")
            case .stream(nil, _):
                output.put(isHTTP10 ? "\r\n" : "Transfer-Encoding: chunked\r\n\r\n")
            }
        }
        if case .stream(let length, _) = response.body, !hasNoBody {
            unsent = length.map { max($0, 0) }
            isChunked = length == nil && !isHTTP10
            streams = !isHead
        }
        if streams {
            phase = .streaming
            phaseDeadline = .never
        } else {
            finishAnswer(now: now)
        }
        return streams
    }

    /// Indicates that the producer of a streamed body must wait for the client.
    var isCongested: Bool { output.count > settings.limits.bufferedOutput }

    /// Sends one piece of a streamed body.
    ///
    /// - Returns: `false` if the connection is closed. A body that is longer than announced closes the connection, so
    ///   that the client cannot mistake the received part for the whole.
    mutating func write(_ bytes: [UInt8]) -> Bool {
        guard phase == .streaming else { return false }
        guard !bytes.isEmpty else { return true }
        if let left = unsent {
            guard bytes.count <= left else {
                abort()
                return false
            }
            unsent = left - bytes.count
            output.append(bytes)
        } else if isChunked {
            output.write(atMost: bytes.count + 20) { output in
                output.put(hexadecimal: bytes.count)
                output.put("\r\n")
                output.put(bytes)
                output.put("\r\n")
            }
        } else {
            output.append(bytes)
        }
        return true
    }

    /// Ends a streamed body. A body that is shorter than announced closes the connection.
    mutating func finishStream(now: Instant) {
        guard phase == .streaming else { return }
        if let unsent, unsent > 0 { return abort() }
        if isChunked { output.append("0\r\n\r\n") }
        finishAnswer(now: now)
    }

    private mutating func finishAnswer(now: Instant) {
        if mustClose {
            close(now: now)
        } else if inbound == .finished {
            nextRequest(now: now)
        } else {
            phase = .draining
            drained = 0
            phaseDeadline = now.advanced(byNanoseconds: settings.lingeringTime)
        }
    }

    private mutating func nextRequest(now: Instant) {
        phase = .head
        phaseDeadline = now.advanced(byNanoseconds: input.isEmpty ? settings.idleTime : settings.headerTime)
        if isStopping, input.isEmpty { close(now: now) }
    }

    /// Closes the connection after the bytes in `output` have been sent.
    private mutating func close(now: Instant) {
        input.removeAll()
        phase = inputEnded ? .closed : .lingering
        phaseDeadline = now.advanced(byNanoseconds: settings.lingeringTime)
    }

    /// Closes a connection that owes no response.
    private mutating func close() {
        input.removeAll()
        phase = .closed
        phaseDeadline = .never
    }
}
