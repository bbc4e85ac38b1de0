public import TesseraDatabase

/// A PostgreSQL database, or a server with its protocol, over a few connections that all callers share.
///
/// A change has no round trip inside its transaction: it is a short list of statements that are sent together, and SQL makes
/// the decisions. Callers are suspended, and no thread waits.
public final class PostgresDatabase: Sendable {
    /// The settings of a database.
    public struct Options: Sendable {
        /// The largest number of connections, for reads and changes together.
        public var connectionCount: Int
        /// The time limit of a request, from the call to its answer.
        public var requestTimeout: Duration
        /// The time limit of one statement on the server; shorter than ``requestTimeout``, so that the server ends the
        /// statement before the pool drops the connection.
        public var statementTimeout: Duration
        /// The time limit of a connection attempt to one host; whole seconds, at least 2.
        public var connectTimeout: Duration
        /// The time for which a server may be unreachable during a statement without a time limit.
        public var silenceLimit: Duration
        /// The largest number of waiting requests.
        public var queueCapacity: Int
        /// The channel over which nodes notify each other of changes.
        let channel = SQLText.channel
        /// The kind of host to use, of those in the URL.
        var target = PostgresTarget.primary

        /// Creates the settings.
        public init(
            connectionCount: Int = 4, requestTimeout: Duration = .seconds(5),
            statementTimeout: Duration = .seconds(4), connectTimeout: Duration = .seconds(3),
            silenceLimit: Duration = .seconds(30), queueCapacity: Int = 20_000
        ) {
            self.connectionCount = max(1, connectionCount)
            self.requestTimeout = requestTimeout
            self.statementTimeout = statementTimeout
            self.connectTimeout = connectTimeout
            self.silenceLimit = silenceLimit
            self.queueCapacity = queueCapacity
        }
    }

    /// The URL, whose description omits the password.
    public let url: PostgresURL
    private let options: Options
    let pool: PostgresPool

    /// Opens a database, and returns when a connection is ready.
    ///
    /// - Throws: ``StoreError`` with a sentence for the operator: no server, wrong password, no such database.
    public static func open(
        _ url: PostgresURL, options: Options = Options()
    ) async throws(StoreError) -> PostgresDatabase {
        let database = try PostgresDatabase(url, options)
        _ = try await database.pool.run(.read, [PostgresStep(ping)], isImpatient: true)
        return database
    }

    private init(_ url: PostgresURL, _ options: Options) throws(StoreError) {
        self.url = url
        self.options = options
        pool = try PostgresPool(url, options)
    }

    deinit { pool.close() }

    private static let ping = SQLText("SELECT 1")

    /// Reads the rows that a statement returns. The statement travels together with concurrent reads of other callers, and is
    /// sent again if the connection is lost meanwhile: it must change nothing.
    ///
    /// - Parameter row: Reads one row, on the executor of the caller.
    /// - Throws: ``StoreError``; an error of `row` is converted to one.
    package func query<Value: Sendable>(
        _ statement: SQLText, _ values: [PostgresValue] = [],
        _ row: (borrowing PostgresRow) throws -> Value
    ) async throws(StoreError) -> [Value] {
        let results = try await pool.run(.read, [PostgresStep(statement, values)])
        do { return try PostgresAnswers(results).rows(0, row) } catch { throw StoreError(wrapping: error) }
    }

    /// Reads the first row that a statement returns; see ``query(_:_:_:)``.
    package func first<Value: Sendable>(
        _ statement: SQLText, _ values: [PostgresValue] = [],
        _ row: (borrowing PostgresRow) throws -> Value
    ) async throws(StoreError) -> Value? {
        let results = try await pool.run(.read, [PostgresStep(statement, values)])
        do { return try PostgresAnswers(results).first(0, row) } catch { throw StoreError(wrapping: error) }
    }

    /// Makes a change: statements that are sent together and happen together or not at all. Each statement sees the changes of
    /// those before it and all commits before its own start. Returns when the change is durable.
    ///
    /// - Parameters:
    ///   - lock: The row that the change locks.
    ///   - outcome: Reads the answers after the commit, on the executor of the caller.
    /// - Throws: ``StoreError``. If the connection was lost on the way, the error is `.unavailable` with
    ///   ``StoreError/isOutcomeUnknown``: the change may have happened.
    @discardableResult
    package func change<Value: Sendable>(
        _ steps: [PostgresStep], locking lock: PostgresLock = .none,
        _ outcome: (PostgresAnswers) throws -> Value
    ) async throws(StoreError) -> Value {
        let results = try await pool.run(.change, steps, locking: lock)
        do { return try outcome(PostgresAnswers(results)) } catch { throw StoreError(wrapping: error) }
    }

    /// Calls `handler` for each notification from another node. The handler runs on the pool's thread and must return soon.
    ///
    /// The first event is ``PostgresChannel/Event/lost``, before this method returns. ``PostgresChannel/Event/heard`` follows
    /// when the channel is open. The loss of the channel is detected within three seconds.
    package func listen(_ handler: @escaping PostgresChannel.Handler) { pool.listen(handler) }

    /// The instant until which all notifications have certainly arrived.
    package var hearing: Hearing { pool.hearing }

    /// The waiting requests, the requests under way, and totals.
    package var traffic: StoreTraffic { pool.traffic }

    /// Runs work with several round trips, on a connection and a thread of its own. It is for changes of the schema, which are
    /// rare and have no time limit while the server is alive.
    package func session<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            let isStarted = BackgroundThread.run { [url, options] in
                continuation.resume(
                    returning: Result {
                        let connection = try PostgresConnection(url, options)
                        try connection.runScript("SET statement_timeout = 0; SET lock_timeout = '60s'")
                        try connection.endWithClient()
                        return try body(connection)
                    })
            }
            if !isStarted {
                let error = StoreError(.unavailable, "The system has no thread for talking to PostgreSQL.")
                continuation.resume(returning: .failure(error))
            }
        }
        do { return try result.get() } catch { throw StoreError(wrapping: error) }
    }

    /// Finishes what waits and closes the connections. Every later use throws `.unavailable`. The last reference going
    /// away does the same.
    public func close() { pool.close() }
}
