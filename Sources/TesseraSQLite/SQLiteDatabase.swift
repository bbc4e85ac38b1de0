import Glibc
public import TesseraDatabase

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
    /// The settings of an open database.
    public struct Options: Sendable {
        /// The number of threads that can read at the same time; `nil` for the number of cores, and at least 4.
        public var readerCount: Int?
        /// The number of bytes of the file that a reader maps into memory instead of copying pages from the page cache of the
        /// system. A look-up among a million rows takes 2.9 µs mapped and 3.8 µs not mapped; mapped pages count as resident.
        public var mappedBytes: Int
        /// The idle time after which a reader unmaps the file, counted in quarters of a second.
        public var unmappedAfter: Duration
        /// The age of the read state from which a look-up without a result repeats on the present state: a row that another
        /// process created that long ago is always found.
        public var doubtfulAge: Duration
        /// The time for which look-ups may miss the newest notes, such as the last use of a token.
        public var notesAfter: Duration
        /// Leaves the write-ahead log alone while another process has the file open. For a process that ends soon, such as
        /// a command beside a server, and opens the file only once.
        public var leavesLogToOthers: Bool

        /// Creates the settings.
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
    @usableFromInline let writer: SQLiteWriter
    private let readers: SQLiteReaders
    /// `nil` for a database in memory, which no other process can change.
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
        // Asked on a reading connection: the writing one gets this answer even when a sync has failed.
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

    deinit { writer.close() }

    /// Reads on the calling thread; this takes microseconds when the pages are in memory. All of `body` sees one state, which
    /// contains every change of this process that was answered before. A commit of another process may be missing for a
    /// quarter of a second, or for 0.8 seconds on a busy machine; ``readPresent(_:)`` sees it.
    ///
    /// - Parameter body: Must not wait for anything, least of all for a write.
    /// - Throws: ``StoreError``, and what `body` throws.
    public func read<Value: Sendable>(
        _ body: (SQLiteConnection) throws -> Value
    ) throws -> Value {
        var value: Value?
        try look(.answered) { connection in value = try body(connection) }
        return value!
    }

    /// Reads as ``read(_:)`` does, in a state that also contains all earlier commits of other processes. Costs some
    /// microseconds more, for the locks of the file.
    @inlinable
    public func readPresent<Value: Sendable>(
        _ body: (SQLiteConnection) throws -> Value
    ) throws -> Value {
        var value: Value?
        try lookAtPresent { connection in value = try body(connection) }
        return value!
    }

    /// Looks up a row that is read very often. Reads as ``read(_:)`` does, but the newest notes (``note(_:)``), whose commits
    /// would end the mapping of the reader, may be missing for some seconds. When `body` finds nothing in a state that is
    /// older than ``Options/doubtfulAge``, it runs once more on the present state, to which another process may have added
    /// the row.
    @inlinable
    package func find<Value: Sendable>(
        _ body: (SQLiteConnection) throws -> Value?
    ) throws -> Value? {
        var value: Value?
        try lookTwice { connection in
            value = try body(connection)
            return value != nil
        }
        return value
    }

    // The generic functions above are compiled where they are called. These do the work, compiled once.

    private func look(_ view: SQLiteReaders.View, _ body: (SQLiteConnection) throws -> Void) throws {
        try place?.requireHeld()
        try readers.read(view, body)
    }

    @usableFromInline
    func lookAtPresent(_ body: (SQLiteConnection) throws -> Void) throws { try look(.present, body) }

    /// - Parameter body: Returns `true` when it has found what it looks for.
    @usableFromInline
    func lookTwice(_ body: (SQLiteConnection) throws -> Bool) throws {
        try place?.requireHeld()
        try readers.find(body)
    }

    /// Writes on the writer's thread, and returns when the change is durable. Either all changes of `body` happen or none;
    /// when it throws, none.
    ///
    /// - Parameter body: Does its work and ends; it must not touch transactions itself. It runs a second time, with
    ///   nothing of the first left in the database, when another change failed that was to be committed together with it.
    /// - Throws: What `body` threw, or a ``StoreError`` with the reason why the change cannot be made durable;
    ///   `.unavailable` at once when 20,000 changes wait already.
    @discardableResult
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await writer.write(isNote: false, body)
    }

    /// Writes a note as ``write(_:)`` does, such as the last use of a token. No decision may depend on a note.
    @discardableResult
    package func note<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await writer.write(isNote: true, body)
    }

    /// Calls `handler` after another process has changed the file: within half a second, and before the answer to a later
    /// change of this process. ``hearsForeignChanges`` reports when this is late. The handler runs on any thread and must
    /// return soon.
    public func observeForeignChanges(_ handler: @escaping @Sendable () -> Void) {
        watch?.observeForeignChanges(handler)
    }

    /// Reports whether the observers know of all foreign changes that are at least 0.8 seconds old; `nil` for a database in
    /// memory, which has none. While it returns `false`, no cached data of the file may be used. It stays `false` once the
    /// file was replaced, because this process cannot see changes to the new file. A call costs one reading of a clock.
    public var hearsForeignChanges: (@Sendable () -> Bool)? {
        guard let hearing = watch?.hearing, let place else { return nil }
        return { hearing.isCertain && place.isHeld }
    }

    /// The instant until which no change by another process was missed.
    package var hearing: Hearing { watch?.hearing ?? Hearing() }

    /// Returns when the observers know of every earlier foreign change.
    package func settle() { watch?.settle() }

    /// Calls `handler` for each trouble that only an operator can fix, such as a replaced file. The handler runs on any thread
    /// and must return soon.
    public func observeTroubles(_ handler: @escaping @Sendable (StoreError) -> Void) {
        troubles.observe(handler)
    }

    /// The number of changes that wait for the writer, and totals.
    package var traffic: StoreTraffic { writer.traffic }

    /// Writes the queued changes and closes the file. Every later use throws `.unavailable`. The release of the last reference
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

/// Forms for a store, whose methods throw ``StoreError`` alone.
extension SQLiteDatabase {
    /// Reads the present state, so that no decision rests on data that another process has changed already.
    @inlinable
    package func reading<Value: Sendable>(
        _ body: (SQLiteConnection) throws -> Value
    ) throws(StoreError) -> Value {
        do { return try readPresent(body) } catch { throw StoreError(wrapping: error) }
    }

    /// Looks something up as ``find(_:)`` does.
    @inlinable
    package func finding<Value: Sendable>(
        _ body: (SQLiteConnection) throws -> Value?
    ) throws(StoreError) -> Value? {
        do { return try find(body) } catch { throw StoreError(wrapping: error) }
    }

    /// Writes as ``write(_:)`` does.
    @inlinable
    package func writing<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws(StoreError) -> Value {
        do { return try await writer.write(isNote: false, body) } catch { throw StoreError(wrapping: error) }
    }

    /// Writes as ``note(_:)`` does.
    @inlinable
    package func noting<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws(StoreError) -> Value {
        do { return try await writer.write(isNote: true, body) } catch { throw StoreError(wrapping: error) }
    }
}
