import Glibc
public import TesseraCore

/// A SQLite file, or a database in memory: many readers beside one writer.
///
/// A program that embeds Tessera can keep its own tables in the same file, with a ``Migrator`` set of its own:
///
/// ```swift
/// let treasures = try database.read { connection in
///     try connection.query("SELECT name FROM treasure WHERE owner = ?", [.blob(owner.bytes)]) { row in
///         try row.text("name")
///     }
/// }
/// try await database.write { connection in
///     try connection.execute("DELETE FROM treasure WHERE owner = ?", [.blob(owner.bytes)])
/// }
/// ```
///
/// The file is kept in WAL mode with `synchronous=FULL`: what was answered survives a power cut.
public final class SQLiteDatabase: Sendable {
    /// How a database is opened.
    public struct Options: Sendable {
        /// How many threads can read at the same time; `nil` for one for each core, and at least 4.
        public var readerCount: Int?
        /// How much of the file a reader maps into memory instead of copying pages out of the page cache of the system, in
        /// bytes. A look-up among a million rows takes 2.9 µs mapped and 3.8 µs not mapped; what is mapped counts as
        /// resident.
        public var mappedBytes: Int
        /// After how long without being asked a reader lets go of what it has mapped; counted in quarters of a second.
        public var unmappedAfter: Duration
        /// How old the state must be in which a look-up found nothing, for it to look at the present one: what another
        /// process made that long ago is always found.
        public var doubtfulAge: Duration
        /// How long the look-ups that check tokens may go without seeing what was only noted, such as the use of a token.
        public var notesAfter: Duration
        /// Leaves the write-ahead log alone while another process has the file open. For a process that ends soon, such as
        /// a command beside a server, and opens the file only once.
        public var leavesLogToOthers: Bool

        public init(
            readerCount: Int? = nil, mappedBytes: Int = 1 << 30, unmappedAfter: Duration = .seconds(10),
            doubtfulAge: Duration = .milliseconds(10), notesAfter: Duration = .seconds(5),
            leavesLogToOthers: Bool = false
        ) {
            self.readerCount = readerCount
            self.mappedBytes = mappedBytes
            self.unmappedAfter = unmappedAfter
            self.doubtfulAge = doubtfulAge
            self.notesAfter = notesAfter
            self.leavesLogToOthers = leavesLogToOthers
        }

    }

    /// The path as given, or `:memory:`.
    public let path: String
    private let writer: SQLiteWriter
    private let readers: SQLiteReaders
    /// `nil` for a database in memory, which nobody else can change.
    private let watch: SQLiteWatch?
    private let troubles = SQLiteTroubles()
    /// `nil` for a database in memory.
    private let place: SQLiteFilePlace?

    /// Opens a file; makes it, readable for its owner alone, when it is not there.
    ///
    /// - Throws: ``StoreError`` with a sentence for the operator: no such directory, not a database, not writable.
    public init(path: String, options: Options = Options()) throws(StoreError) {
        self.path = path
        try Self.createFile(path)
        do {
            // Before SQLite opens the file.
            let neighbours = options.leavesLogToOthers ? try SQLiteNeighbours(of: path) : nil
            let connection = try SQLiteConnection(path: path, access: .writing, gathersLog: true)
            guard !connection.isReadOnly else { throw Self.notWritable(path) }
            try Self.prepareForWriting(connection)
            // A statement opens the log, so that all files are there.
            _ = try connection.dataVersion()
            let place = try SQLiteFilePlace(path, connection, troubles)
            self.place = place
            let count = options.readerCount ?? max(4, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
            let hearing = Hearing(until: 0)
            readers = SQLiteReaders(
                try (0..<max(1, count)).map { _ in
                    SQLiteReader(try Self.openForReading(path), hearing, options)
                }, commits: CommitCount())
            let watch = try SQLiteWatch(
                try Self.openForReading(path), beside: connection, at: place, hearing, readers: readers)
            self.watch = watch
            writer = try SQLiteWriter(
                .own(connection), readers: readers, watch: watch, place: place, troubles: troubles,
                neighbours: neighbours)
            try watch.start()
        } catch {
            throw Self.explain(StoreError(wrapping: error), path)
        }
    }

    private static func openForReading(_ path: String) throws -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path, access: .reading)
        try connection.execute("PRAGMA query_only = ON")
        // Asked of somebody who reads the file: the writer is told so even when a sync has failed.
        try requireWriteAheadLog(connection, "PRAGMA journal_mode")
        return connection
    }

    private init(inMemory connection: SQLiteConnection) throws(StoreError) {
        path = ":memory:"
        place = nil
        try connection.execute("PRAGMA foreign_keys = ON")
        let reader = SQLiteReader(inMemory: connection)
        readers = SQLiteReaders([reader], commits: CommitCount())
        watch = nil
        do {
            writer = try SQLiteWriter(.shared(reader), readers: readers, troubles: troubles)
        } catch {
            throw StoreError(wrapping: error)
        }
    }

    /// A database that ends with the object. One connection does everything, so that reads wait for writes.
    public static func inMemory() throws(StoreError) -> SQLiteDatabase {
        try SQLiteDatabase(inMemory: try SQLiteConnection(path: ":memory:", access: .writing))
    }

    /// Opens the SQLite database with this URL.
    public static func open(
        _ url: DatabaseURL, options: Options = Options()
    ) throws(StoreError) -> SQLiteDatabase {
        switch url {
        case .sqlite(let path): try SQLiteDatabase(path: path, options: options)
        case .sqliteInMemory: try inMemory()
        case .postgres:
            throw StoreError(.unavailable, "Only a SQLite database will do here: sqlite:PATH.")
        }
    }

    deinit { writer.close() }

    /// Reads, on the calling thread: microseconds when what is read is in memory. All of `body` sees one state, which
    /// holds every change that was answered before. What another process has committed may be missing for a quarter of
    /// a second, and for 0.8 seconds on a machine that is busy; ``readPresent(_:)`` sees it.
    ///
    /// - Parameter body: Must not wait for anything, least of all for a write.
    /// - Throws: ``StoreError``, and what `body` throws.
    public func read<Value: Sendable>(
        _ body: (SQLiteConnection) throws -> Value
    ) throws -> Value {
        try place?.requireHeld()
        return try readers.read(.answered, body)
    }

    /// Reads as ``read(_:)`` does, in a state that also holds what other processes had committed before. Some
    /// microseconds dearer, for the locks of the file.
    public func readPresent<Value: Sendable>(
        _ body: (SQLiteConnection) throws -> Value
    ) throws -> Value {
        try place?.requireHeld()
        return try readers.read(.present, body)
    }

    /// The look-up of something that is asked for all the time. Reads as ``read(_:)`` does, but that the youngest notes
    /// (``note(_:)``), which would end what the reader has mapped, may be missing for some seconds. When `body` finds
    /// nothing in a state that is older than ``Options/doubtfulAge``, it runs once more on the present one, where another
    /// process may have put it.
    package func find<Value: Sendable>(
        _ body: (SQLiteConnection) throws -> Value?
    ) throws -> Value? {
        try place?.requireHeld()
        return try readers.find(body)
    }

    /// Writes, on the writer's thread, and returns when the change is durable. All of `body` happens or nothing; when
    /// it throws, nothing.
    ///
    /// - Parameter body: Does its work and ends; it must not touch transactions itself. It runs a second time, with
    ///   nothing of the first left in the database, when another change failed that was to be committed together with it.
    /// - Throws: What `body` threw, or a ``StoreError`` with the reason why the change cannot be made durable;
    ///   `.unavailable` at once when 20,000 changes wait already.
    @discardableResult
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await writer.write(body)
    }

    /// Writes as ``write(_:)`` does what is only noted, such as the use of a token: no decision rests on it.
    @discardableResult
    package func note<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await writer.write(isNote: true, body)
    }

    /// Calls `handler` after another process has changed the file, from any thread, which it must not keep: within half a
    /// second, and before a change of this process that came after it is answered. Where that is late,
    /// ``hearsForeignChanges`` says so.
    public func observeForeignChanges(_ handler: @escaping @Sendable () -> Void) {
        watch?.observeForeignChanges(handler)
    }

    /// Says whether the observers of foreign changes were told of all that were made 0.8 seconds ago or earlier; `nil` for
    /// a database in memory, where there are none. While it says no, nothing that is remembered of the file may be
    /// believed. That is so for good once the file was replaced: a change to the new one is never heard of here. The question
    /// costs one reading of a clock.
    public var hearsForeignChanges: (@Sendable () -> Bool)? {
        guard let hearing = watch?.hearing, let place else { return nil }
        return { hearing.isCertain && place.isHeld }
    }

    /// Until when nothing that another process may have changed was missed.
    var hearing: Hearing { watch?.hearing ?? Hearing() }

    /// Returns when every foreign change that was made before has been told to those who observe them.
    func settle() { watch?.settle() }

    /// Calls `handler` for each trouble that only an operator can mend, such as a file that was replaced, from any thread,
    /// which it must not keep.
    public func observeTroubles(_ handler: @escaping @Sendable (StoreError) -> Void) {
        troubles.observe(handler)
    }

    /// What waits for the writer, and what was counted.
    var traffic: StoreTraffic { writer.traffic }

    /// Does what is queued and closes the file. Every later use throws `.unavailable`. The last reference going away
    /// does the same.
    public func close() { writer.close() }

    // MARK: Opening

    /// Makes an empty file with mode 0600. SQLite gives its log the same mode.
    private static func createFile(_ path: String) throws(StoreError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw StoreError(.unavailable, "The path of the database is empty.")
        }
        let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor >= 0 {
            // A mask that takes rights from the owner as well would leave a file of no use.
            fchmod(descriptor, 0o600)
            Glibc.close(descriptor)
            return
        }
        switch errno {
        case EEXIST:
            if let error = SQLiteFileObstacle.kind(of: path) { throw error }
            return
        case ENOSPC, EDQUOT: throw StoreError(.full, "\(path): there is no space left.")
        case let code:
            throw SQLiteFileObstacle.find(path)
                ?? StoreError(
                    .unavailable, "\(path): the file cannot be made (\(String(cString: strerror(code)))).")
        }
    }

    private static func prepareForWriting(_ connection: SQLiteConnection) throws {
        // First of all: the log may be gathered only then.
        try connection.execute("PRAGMA synchronous = FULL")
        try connection.execute("PRAGMA page_size = 4096")
        try useWriteAheadLog(connection)
        try connection.execute("PRAGMA foreign_keys = ON")
        // Nothing of ours in temporary files, and savepoints without them.
        try connection.execute("PRAGMA temp_store = MEMORY")
        // The log is carried over by the writer when it suits it; once large, it is cut when it starts again.
        try connection.execute("PRAGMA wal_autocheckpoint = 0")
        try connection.execute("PRAGMA journal_size_limit = 67108864")
        // 16 MiB: a group of a thousand new tokens touches thousands of pages, and should not be written in pieces.
        try connection.execute("PRAGMA cache_size = -16384")
    }

    /// Two processes that open a new file at once: SQLite does not let the second wait, so it tries again.
    private static func useWriteAheadLog(_ connection: SQLiteConnection) throws {
        for attempt in 1... {
            do {
                return try requireWriteAheadLog(connection, "PRAGMA journal_mode = WAL")
            } catch {
                guard connection.wasBusy, attempt < 100 else { throw error }
                usleep(20_000)
            }
        }
    }

    private static func requireWriteAheadLog(_ connection: SQLiteConnection, _ pragma: String) throws {
        guard try connection.first(pragma, [], { row in try row.text(0) }) == "wal" else {
            throw StoreError(.unavailable, "The disk or its file system cannot keep a write-ahead log.")
        }
    }

    private static func explain(_ error: StoreError, _ path: String) -> StoreError {
        return switch error.code {
        case .corrupt: StoreError(.corrupt, "\(path) is not a SQLite database, or is damaged.")
        case .full: StoreError(.full, "\(path): \(error.sentence)")
        case .readOnly: SQLiteFileObstacle.find(path) ?? notWritable(path)
        case let code: SQLiteFileObstacle.find(path) ?? StoreError(code, "\(path): \(error.sentence)")
        }
    }

    private static func notWritable(_ path: String) -> StoreError {
        StoreError(.readOnly, "\(path) is not writable, or its directory is not.")
    }
}

/// For the store, whose methods throw nothing but errors of a store.
extension SQLiteDatabase {
    /// Reads the present state, so that nothing is decided by what another process has changed already.
    func reading<Value: Sendable>(
        _ body: (SQLiteConnection) throws -> Value
    ) throws(StoreError) -> Value {
        do { return try readPresent(body) } catch { throw StoreError(wrapping: error) }
    }

    func finding<Value: Sendable>(
        _ body: (SQLiteConnection) throws -> Value?
    ) throws(StoreError) -> Value? {
        do { return try find(body) } catch { throw StoreError(wrapping: error) }
    }

    func writing<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws(StoreError) -> Value {
        do { return try await write(body) } catch { throw StoreError(wrapping: error) }
    }

    func noting<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws(StoreError) -> Value {
        do { return try await note(body) } catch { throw StoreError(wrapping: error) }
    }
}

extension StoreError {
    /// The error itself; one of another kind, which nothing here throws, would mean that something is broken.
    init(wrapping error: any Error) {
        self = error as? StoreError ?? StoreError(.corrupt, "Unexpected: \(type(of: error)).")
    }
}
