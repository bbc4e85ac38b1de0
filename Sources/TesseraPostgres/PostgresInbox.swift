import Glibc
import Synchronization
import TesseraCPostgres
import TesseraDatabase

/// What other threads leave for the thread of the pool, and the descriptor that wakes it up.
final class PostgresInbox: Sendable {
    /// What became of an attempt to connect.
    enum Made: Sendable {
        case ofPool(Result<PostgresConnection, StoreError>)
        case ofChannel(Result<PostgresConnection, StoreError>)
    }

    /// What the thread takes out.
    struct Content: Sendable {
        var requests: [PostgresRequest] = []
        var connections: [Made] = []
        var handlers: [PostgresChannel.Handler] = []
        var isClosed = false
    }

    private struct State: Sendable {
        var content = Content()
        /// Whether the thread was told that there is something, and has not looked yet.
        var isSignalled = false
        /// Why requests are refused at once: the server has been away for long.
        var refusal: StoreError?
    }

    private let state = Mutex(State())
    /// Can be read when there is something.
    let descriptor: Int32

    init() throws(StoreError) {
        descriptor = tessera_postgres_eventfd()
        guard descriptor >= 0 else {
            throw StoreError(.unavailable, "The system has no descriptor for talking to PostgreSQL.")
        }
    }

    deinit { Glibc.close(descriptor) }

    /// Why requests are refused at once; `nil` when they are not.
    var refusal: StoreError? {
        get { state.withLock { $0.refusal } }
        set { state.withLock { $0.refusal = newValue } }
    }

    /// Whether requests are refused for good.
    var isClosed: Bool { state.withLock { $0.content.isClosed } }

    /// Leaves a request.
    ///
    /// - Parameter excuse: Why it is to be refused all the same, if nothing else is wrong.
    /// - Returns: Why it is refused; `nil` when it was taken in.
    func put(_ request: PostgresRequest, unless excuse: StoreError?) -> StoreError? {
        let (refusal, mustSignal): (StoreError?, Bool) = state.withLock { state in
            if state.content.isClosed { return (Self.closed, false) }
            if let refusal = state.refusal ?? excuse { return (refusal, false) }
            defer { state.isSignalled = true }
            state.content.requests.append(request)
            return (nil, !state.isSignalled)
        }
        if mustSignal { signal() }
        return refusal
    }

    func put(_ made: Made) {
        state.withLock { $0.content.connections.append(made) }
        wake()
    }

    func put(_ handler: @escaping PostgresChannel.Handler) {
        state.withLock { $0.content.handlers.append(handler) }
        wake()
    }

    /// From now on requests are refused.
    ///
    /// - Returns: Whether this was the first time.
    func close() -> Bool {
        let isFirst = state.withLock { state in
            defer { state.content.isClosed = true }
            return !state.content.isClosed
        }
        if isFirst { wake() }
        return isFirst
    }

    // MARK: For the thread

    /// Takes out what is there.
    func take() -> Content {
        state.withLock { state in
            defer {
                // Keeps the memory of the queue that is filled again and again.
                state.content.requests.removeAll(keepingCapacity: true)
                state.content.connections = []
                state.content.handlers = []
                state.isSignalled = false
            }
            return state.content
        }
    }

    /// Makes the descriptor wait for the next thing.
    func quieten() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }

    private func wake() {
        let isFirst = state.withLock { state in
            defer { state.isSignalled = true }
            return !state.isSignalled
        }
        if isFirst { signal() }
    }

    private func signal() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    private static let closed = StoreError(.unavailable, "The database is closed.")
}
