public import TesseraDatabase

/// A PostgreSQL database, or something that speaks its protocol: a few connections, shared by everybody.
///
/// A change never talks back and forth inside its transaction: it is a short list of statements that are sent in one go,
/// and what has to be decided is decided in SQL. Callers are suspended, no thread waits.
public final class PostgresDatabase: Sendable {
    /// How a database is used.
    public struct Options: Sendable {
        /// How many connections at most, for reads and changes together.
        public var connectionCount: Int
        /// How long a request may take in all, from being asked to being answered.
        public var requestTimeout: Duration
        /// How long one statement may take on the server; shorter than ``requestTimeout``, so that the server ends it
        /// before the connection is given up.
        public var statementTimeout: Duration
        /// How long connecting to one host may take; whole seconds, at least 2.
        public var connectTimeout: Duration
        /// How long a server may say nothing to anybody while a statement runs that may take as long as it likes.
        public var silenceLimit: Duration
        /// How many requests may wait.
        public var queueCapacity: Int
        /// Over which channel nodes tell each other what they have changed.
        let channel = SQLText.channel
        /// Which of the hosts of its URL is meant.
        var target = PostgresTarget.primary

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

    /// Where it is; describes itself without the password.
    public let url: PostgresURL
    private let options: Options
    let pool: PostgresPool

    /// Opens a database. Returns when a connection was made.
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

    /// Reads the rows that a statement answers. Sent together with what others read at the same moment, and once more
    /// when the connection is lost meanwhile: it must change nothing.
    ///
    /// - Parameter row: Reads one row, on the caller's own executor.
    /// - Throws: ``StoreError``, and what `row` throws as one.
    package func query<Value: Sendable>(
        _ statement: SQLText, _ values: [PostgresValue] = [],
        _ row: (borrowing PostgresRow) throws -> Value
    ) async throws(StoreError) -> [Value] {
        let results = try await pool.run(.read, [PostgresStep(statement, values)])
        do { return try PostgresAnswers(results).rows(0, row) } catch { throw StoreError(wrapping: error) }
    }

    /// The first row that a statement answers, as ``query(_:_:_:)`` reads it.
    package func first<Value: Sendable>(
        _ statement: SQLText, _ values: [PostgresValue] = [],
        _ row: (borrowing PostgresRow) throws -> Value
    ) async throws(StoreError) -> Value? {
        let results = try await pool.run(.read, [PostgresStep(statement, values)])
        do { return try PostgresAnswers(results).first(0, row) } catch { throw StoreError(wrapping: error) }
    }

    /// Changes: statements that are sent together and happen together or not at all. Each sees what those before it have
    /// done, and what others have committed until it begins. Returns when the change is durable.
    ///
    /// - Parameters:
    ///   - lock: Which row it locks.
    ///   - outcome: Reads the answers, after the commit, on the caller's own executor.
    /// - Throws: ``StoreError``. After `.unavailable` nobody knows whether the change has happened, when the connection
    ///   was lost while it was under way.
    @discardableResult
    package func change<Value: Sendable>(
        _ steps: [PostgresStep], locking lock: PostgresLock = .none,
        _ outcome: (PostgresAnswers) throws -> Value
    ) async throws(StoreError) -> Value {
        let results = try await pool.run(.change, steps, locking: lock)
        do { return try outcome(PostgresAnswers(results)) } catch { throw StoreError(wrapping: error) }
    }

    /// Calls `handler` with what nodes tell each other, on the pool's thread, which it must not keep.
    ///
    /// Begins with ``PostgresChannel/Event/lost``, before it returns; ``PostgresChannel/Event/heard`` follows when the
    /// channel is open. That it is no longer is known within three seconds.
    package func listen(_ handler: @escaping PostgresChannel.Handler) { pool.listen(handler) }

    /// Whether what nodes tell each other is certainly heard.
    package var hearing: Hearing { pool.hearing }

    /// What waits, what is under way, and what was counted.
    package var traffic: StoreTraffic { pool.traffic }

    /// Work that talks back and forth, on a connection and a thread of its own: for changes of the schema, which are rare
    /// and may take their time, as long as the server answers others meanwhile.
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
