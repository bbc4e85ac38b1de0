import Glibc
import Synchronization
import TesseraCPostgres
import TesseraDatabase

/// The queue from other threads to the thread of the pool, and the descriptor that wakes the thread up.
final class PostgresInbox: Sendable {
    /// The result of an attempt to connect.
    enum Made: Sendable {
        case ofPool(Result<PostgresConnection, StoreError>)
        case ofChannel(Result<PostgresConnection, StoreError>)
    }

    /// The content that the thread takes out.
    struct Content: Sendable {
        var requests: [PostgresRequest] = []
        var connections: [Made] = []
        var handlers: [PostgresChannel.Handler] = []
        var isClosed = false
    }

    private struct State: Sendable {
        var content = Content()
        /// Indicates that the thread was woken up and has not taken the content yet.
        var isSignalled = false
        /// The reason why requests are refused at once: the server has been away for long.
        var refusal: StoreError?
    }

    private let state = Mutex(State())
    /// The descriptor, which is readable when there is content.
    let descriptor: Int32

    init() throws(StoreError) {
        descriptor = tessera_postgres_eventfd()
        guard descriptor >= 0 else {
            throw StoreError(.unavailable, "The system has no descriptor for talking to PostgreSQL.")
        }
    }

    deinit { Glibc.close(descriptor) }

    /// The reason why requests are refused at once; `nil` when they are not.
    var refusal: StoreError? {
        get { state.withLock { $0.refusal } }
        set { state.withLock { $0.refusal = newValue } }
    }

    /// Indicates that the inbox is closed.
    var isClosed: Bool { state.withLock { $0.content.isClosed } }

    /// Adds a request.
    ///
    /// - Parameter excuse: An error with which to refuse the request, if no other error applies.
    /// - Returns: The reason for a refusal; `nil` when the request was added.
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

    /// Closes the inbox: later requests are refused.
    ///
    /// - Returns: `true` at the first call.
    func close() -> Bool {
        let isFirst = state.withLock { state in
            defer { state.content.isClosed = true }
            return !state.content.isClosed
        }
        if isFirst { wake() }
        return isFirst
    }

    // MARK: For the thread

    /// Takes out the content.
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
