import Glibc
import TesseraCPostgres
package import TesseraDatabase
import TesseraTime

/// One connection to a server. In pipeline mode, it sends statements without waiting for the answers to earlier ones.
///
/// Only this type calls libpq for connections. One thread at a time uses it.
// Safe: one thread makes it and then hands it over to the thread of the pool.
package final class PostgresConnection: @unchecked Sendable {
    private let libpq: PostgresLibrary
    private let handle: OpaquePointer
    private let url: PostgresURL
    private let options: PostgresDatabase.Options
    /// The segments that were sent and are not completely answered, in order.
    private(set) var segments: [PostgresSegment] = []
    /// The prepared statements of this connection, by their slots.
    private var prepared: [[Prepared]] = []
    private var preparedCount = 0
    private var hasUnsentBytes = false

    /// A statement prepared for parameters of certain types; `unknown` where all that came so far were null.
    private struct Prepared {
        let name: String
        let types: [PostgresType]
    }

    /// Connects and waits for the result: libpq resolves names and checks certificates without returning in between. Each host
    /// of the URL has `connectTimeout`.
    ///
    /// - Throws: ``StoreError`` with libpq's reason, without the password.
    init(_ url: PostgresURL, _ options: PostgresDatabase.Options) throws(StoreError) {
        let libpq = try PostgresLibrary.loaded()
        self.libpq = libpq
        self.url = url
        self.options = options
        let seconds = String(max(2, options.connectTimeout.components.seconds))
        // What stands before the URL gives way to it, what stands behind does not.
        let parameters: [(String, String)] = [
            ("connect_timeout", seconds), ("fallback_application_name", "tessera"),
            ("target_session_attrs", options.target.attribute),
            ("keepalives_idle", "10"), ("keepalives_interval", "2"), ("keepalives_count", "3"),
            ("tcp_user_timeout", String(options.requestTimeout.wholeMilliseconds)),
            ("dbname", url.text), ("client_encoding", "UTF8"),
        ]
        handle = Self.withConnectionParameters(parameters) { libpq.connectdbParams($0, $1, 1) }
        // Discards server notices, so that libpq does not print them to standard error.
        libpq.setNoticeReceiver(handle, { _, _ in }, nil)
        guard libpq.status(handle) == CONNECTION_OK else { throw broken() }
        try setUp(options)
    }

    deinit { libpq.finish(handle) }

    var descriptor: Int32 { libpq.socket(handle) }

    /// The process of the server at the other end.
    var backend: Int32 { libpq.backendPID(handle) }

    /// Indicates that unsent bytes wait for room in the socket.
    var wantsToWrite: Bool { hasUnsentBytes }

    // MARK: Setting up

    /// Sets the parameters of the session. Each statement must see all earlier commits, so the isolation level does not depend
    /// on the defaults of the server. `synchronous_commit` is raised to `on` and never lowered: an operator may want more.
    private func setUp(_ options: PostgresDatabase.Options) throws(StoreError) {
        let statement = options.statementTimeout.wholeMilliseconds
        let script = """
            SET statement_timeout = \(statement);
            SET idle_in_transaction_session_timeout = \(options.requestTimeout.wholeMilliseconds);
            SET TimeZone = 'UTC';
            SET default_transaction_isolation = 'read committed';
            SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')
            """
        try runScript(script, timeout: options.connectTimeout)
    }

    // MARK: Talking back and forth

    /// Runs statements in order and waits for the last one.
    ///
    /// - Parameter timeout: The time to wait for the server; `nil` for no limit while the server is alive.
    package func runScript(_ script: String, timeout: Duration? = nil) throws(StoreError) {
        guard libpq.sendQuery(handle, script) == 1 else { throw broken() }
        _ = try waitForAnswers(timeout)
    }

    /// Runs statements as ``runScript(_:timeout:)`` does; `false` when a lock was not to be had within `lock_timeout`.
    package func runScriptUnlessLocked(_ script: String) throws(StoreError) -> Bool {
        guard libpq.sendQuery(handle, script) == 1 else { throw broken() }
        guard let failure = try waitForResults(nil).lazy.compactMap(\.failureIfFailed).first else {
            return true
        }
        guard failure.state == "55P03" else { throw failure.storeError }
        return false
    }

    /// Makes the server check every two seconds during a statement that this process is alive, so that an abandoned statement
    /// ends and releases its locks. On a server without this setting, the statement ends by itself.
    func endWithClient() throws(StoreError) {
        do throws(StoreError) {
            try runScript("SET client_connection_check_interval = '2s'")
        } catch {
            // Not known, or not possible on that system; anything else means that there is no connection any more.
            guard error.code != .unavailable else { throw error }
        }
    }

    /// Runs one statement and waits for its answer.
    package func run(_ text: String, _ values: [PostgresValue]) throws(StoreError) -> PostgresAnswers {
        let isSent = Self.withParameters(values) { count, values, lengths, formats, types in
            libpq.sendQueryParams(handle, text, count, types, values, lengths, formats, 1) == 1
        }
        guard isSent else { throw broken() }
        return PostgresAnswers(try waitForAnswers(nil))
    }

    private func waitForAnswers(_ timeout: Duration?) throws(StoreError) -> [PostgresResult] {
        let results = try waitForResults(timeout)
        if let failure = results.lazy.compactMap(\.failureIfFailed).first { throw failure.storeError }
        return results
    }

    private func waitForResults(_ timeout: Duration?) throws(StoreError) -> [PostgresResult] {
        let deadline = timeout.map { monotonicNow.addingClamped($0.wholeNanoseconds) }
        var lastSign = monotonicNow
        var results: [PostgresResult] = []
        while true {
            while libpq.isBusy(handle) == 1 {
                var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                let rest = deadline.map { ($0 - monotonicNow) / 1_000_000 }
                if let deadline, deadline <= monotonicNow {
                    throw StoreError(.unavailable, "PostgreSQL: the server does not answer.")
                }
                let pause = rest ?? options.silenceLimit.wholeMilliseconds / 4
                if poll(&event, 1, Int32(clamping: pause)) == 0, deadline == nil { try ask(&lastSign) }
                guard libpq.consumeInput(handle) == 1 else { throw broken() }
            }
            guard let answer = libpq.getResult(handle) else { break }
            results.append(PostgresResult(owning: answer, libpq))
        }
        return results
    }

    /// Asks whether the server lives, since a statement that takes long looks like a server that hangs: TCP goes on
    /// while its processes stand still.
    ///
    /// - Parameter lastSign: The instant of the last sign of life.
    /// - Throws: ``StoreError`` when the last sign of life is older than `silenceLimit`.
    private func ask(_ lastSign: inout Int64) throws(StoreError) {
        if isServerAlive() {
            lastSign = monotonicNow
        } else if monotonicNow - lastSign >= options.silenceLimit.wholeNanoseconds {
            let seconds = options.silenceLimit.components.seconds
            throw StoreError(
                .unavailable,
                "PostgreSQL: the server has not answered anybody for \(seconds) seconds. What became of the statement is not known."
            )
        }
    }

    /// Reports whether the host of this connection answers a new connection, even with "too many connections".
    private func isServerAlive() -> Bool {
        let host = [
            ("host", libpq.host(handle)), ("hostaddr", libpq.hostaddr(handle)), ("port", libpq.port(handle)),
        ]
        // Of several hosts, this one, primary or not.
        let parameters =
            [("dbname", url.text), ("target_session_attrs", "any"), ("connect_timeout", "2")]
            + host.compactMap { name, value in
                value.map { (name, String(cString: $0)) }.flatMap { $0.1.isEmpty ? nil : $0 }
            }
        let answer = Self.withConnectionParameters(parameters) { libpq.pingParams($0, $1, 1) }
        return answer == PQPING_OK || answer == PQPING_REJECT
    }

    /// Makes the connection non-blocking, for ``send(script:)`` and ``receiveNotifications(_:)`` alone.
    func stopBlocking() throws(StoreError) {
        guard libpq.setnonblocking(handle, 1) == 0 else { throw broken() }
    }

    // MARK: Listening

    /// Sends statements without waiting for their answers.
    func send(script: String) throws(StoreError) {
        guard libpq.sendQuery(handle, script) == 1, libpq.flush(handle) >= 0 else { throw broken() }
    }

    /// Reads the input that has arrived, for ``takeNotifications()``.
    ///
    /// - Parameter answered: Called with the answers to statements.
    func receiveNotifications(_ answered: (PostgresResult) -> Void) throws(StoreError) {
        guard libpq.consumeInput(handle) == 1 else { throw broken() }
        while libpq.isBusy(handle) == 0, let answer = libpq.getResult(handle) {
            let result = PostgresResult(owning: answer, libpq)
            if case .failed = result.status { throw result.failure.storeError }
            answered(result)
        }
        guard libpq.status(handle) == CONNECTION_OK else { throw broken() }
    }

    // MARK: Pipeline

    /// Enters pipeline mode, for ``send(_:after:)`` and ``receive(_:)`` alone.
    func enterPipeline() throws(StoreError) {
        guard libpq.setnonblocking(handle, 1) == 0, libpq.enterPipelineMode(handle) == 1 else {
            throw broken()
        }
    }

    // MARK: Sending

    /// Sends the statements of the requests as one transaction.
    ///
    /// - Parameter prelude: A statement to send before them, if any.
    /// - Throws: ``StoreError`` when the connection is lost; the requests are then in ``segments`` all the same.
    func send(_ requests: [PostgresRequest], after prelude: PostgresStep?) throws(StoreError) {
        var segment = PostgresSegment(requests, after: prelude, sentAt: monotonicNow)
        var isSent = true
        if let prelude { isSent = send(prelude, as: .prelude, &segment) }
        for (index, request) in requests.enumerated() {
            request.attempts += 1
            request.results = []
            for step in request.steps where isSent {
                isSent = send(step, as: .run(request: index), &segment)
            }
        }
        segments.append(segment)
        guard isSent, libpq.pipelineSync(handle) == 1 else { throw broken() }
        try flush()
    }

    /// Sends the bytes for which the socket had no room.
    func flush() throws(StoreError) {
        switch libpq.flush(handle) {
        case 0: hasUnsentBytes = false
        case 1: hasUnsentBytes = true
        default: throw broken()
        }
    }

    private func send(
        _ step: PostgresStep, as command: PostgresSegment.Command, _ segment: inout PostgresSegment
    ) -> Bool {
        let types = step.values.map(\.type)
        let name: String
        if let known = findPrepared(step.statement, types) {
            name = known
        } else {
            name = prepare(step.statement, types)
            segment.commands.append(.prepare(slot: step.statement.slot, name: name))
            let known = prepared[step.statement.slot].last?.types.map(\.rawValue) ?? []
            guard libpq.sendPrepare(handle, name, step.statement.text, Int32(known.count), known) == 1 else {
                return false
            }
        }
        segment.commands.append(command)
        return Self.withParameters(step.values) { count, values, lengths, formats, _ in
            libpq.sendQueryPrepared(handle, name, count, values, lengths, formats, 1) == 1
        }
    }

    /// Calls `body` with the number of values, their bytes, lengths, formats and types.
    private static func withParameters<Value>(
        _ values: [PostgresValue],
        _ body: (Int32, [UnsafePointer<CChar>?], [Int32], [Int32], [UInt32]) -> Value
    ) -> Value {
        // One block of memory for all values; the byte in front lets an empty value have an address.
        var bytes: [UInt8] = [0]
        var places: [Range<Int>?] = []
        for value in values {
            let start = bytes.count
            value.write(to: &bytes)
            places.append(value == .null ? nil : start..<bytes.count)
        }
        let lengths = places.map { Int32($0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: places.count)
        return bytes.withUnsafeBytes { bytes in
            let start = bytes.baseAddress!.assumingMemoryBound(to: CChar.self)
            let pointers = places.map { place in place.map { UnsafePointer(start + $0.lowerBound) } }
            return body(Int32(values.count), pointers, lengths, formats, values.map(\.type.rawValue))
        }
    }

    // MARK: Prepared statements

    private func findPrepared(_ statement: SQLText, _ types: [PostgresType]) -> String? {
        guard statement.slot < prepared.count else { return nil }
        // The newest knows most types.
        return prepared[statement.slot].last { candidate in
            zip(candidate.types, types).allSatisfy { $1 == .unknown || $0 == $1 }
        }?.name
    }

    /// Notes that a statement is being prepared, with all types that are known of its parameters.
    private func prepare(_ statement: SQLText, _ types: [PostgresType]) -> String {
        while prepared.count <= statement.slot { prepared.append([]) }
        let known = prepared[statement.slot].last?.types ?? types
        preparedCount += 1
        let name = "t\(preparedCount)"
        prepared[statement.slot].append(
            Prepared(name: name, types: zip(types, known).map { $0 == .unknown ? $1 : $0 }))
        return name
    }

    // MARK: Receiving

    /// Reads the answers that have arrived.
    ///
    /// - Parameter finished: Called with each completely answered segment.
    /// - Throws: ``StoreError`` when the connection is lost.
    func receive(_ finished: (PostgresSegment) -> Void) throws(StoreError) {
        let isAlive = libpq.consumeInput(handle) == 1
        // Between two answers there is a nil that says nothing; several mean that there is nothing.
        var silence = 0
        while !segments.isEmpty, silence < 3, libpq.isBusy(handle) == 0 {
            guard let answer = libpq.getResult(handle) else {
                silence += 1
                continue
            }
            silence = 0
            if let segment = take(PostgresResult(owning: answer, libpq)) { finished(segment) }
        }
        guard isAlive, libpq.status(handle) == CONNECTION_OK else { throw broken() }
    }

    private func take(_ result: PostgresResult) -> PostgresSegment? {
        let status = result.status
        if case .synchronised = status { return segments.removeFirst() }
        if case .failed = status, segments[0].failure == nil { segments[0].failure = result.failure }
        // What fails behind the last command is the commit.
        guard segments[0].answered < segments[0].commands.count else { return nil }
        switch segments[0].commands[segments[0].answered] {
        case .prepare(let slot, let name):
            if case .done = status { break }
            prepared[slot].removeAll { $0.name == name }
        case .prelude:
            if case .done = status { segments[0].preludeAnswer = result }
        case .run(let request):
            if case .done = status { segments[0].requests[request].results.append(result) }
        }
        segments[0].answered += 1
        if segments[0].failure?.losesStatements == true { prepared = [] }
        return nil
    }

    /// Returns the notifications from other sessions.
    func takeNotifications() -> [PostgresNotification] {
        var notifications: [PostgresNotification] = []
        while let notification = libpq.notifies(handle) {
            notifications.append(
                PostgresNotification(
                    channel: String(cString: notification.pointee.relname),
                    payload: notification.pointee.extra.map { String(cString: $0) } ?? ""))
            libpq.freemem(notification)
        }
        return notifications
    }

    // MARK: Errors

    private func broken() -> StoreError { StoreError(.unavailable, "PostgreSQL: \(redactedMessage).") }

    /// The error message of libpq, in one line and without the password.
    private var redactedMessage: String {
        // Lines that begin with a tab ask the reader a question.
        var message = String(cString: libpq.errorMessage(handle)).split(whereSeparator: \.isNewline)
            .filter { !$0.hasPrefix("\t") }.joined(separator: " ")
        if let password = url.password, !password.isEmpty {
            message = message.split(separator: password, omittingEmptySubsequences: false)
                .joined(separator: "…")
        }
        while message.last == "." || message.last == " " { message.removeLast() }
        return message.isEmpty ? "the connection broke" : message
    }

    /// Calls `body` with the keywords and values of parameters of a connection.
    private static func withConnectionParameters<Value>(
        _ parameters: [(String, String)],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Value
    ) -> Value {
        withCStrings(parameters.map(\.0)) { keywords in
            withCStrings(parameters.map(\.1)) { values in body(keywords, values) }
        }
    }

    private static func withCStrings<Value>(
        _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
    ) -> Value {
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers.map { UnsafePointer($0) } + [nil])
    }
}

/// A notification from another session.
struct PostgresNotification: Sendable {
    let channel: String
    let payload: String
}

/// The monotonic clock, in nanoseconds.
var monotonicNow: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
