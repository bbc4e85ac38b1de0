import Glibc
import TesseraCSQLite
public import TesseraDatabase

/// One connection to a SQLite file. This type, ``SQLiteRow`` and ``GatheredLog`` are the only ones that call SQLite.
///
/// Only one thread at a time may use it; ``SQLiteDatabase`` lends it. It keeps its prepared statements.
public final class SQLiteConnection {
    /// The permitted operations of a connection.
    package enum Access {
        case reading, writing
    }

    private let handle: OpaquePointer
    private let gathersLog: Bool
    private var prepared: [PreparedStatement?] = []
    private var preparedByText: [String: PreparedStatement] = [:]
    /// The number of statements by text that stay prepared.
    private static let textCapacity = 200
    /// The texts and blobs that are bound to the statements that run.
    private let bound = BoundBytes()
    /// The number of frames in the write-ahead log; SQLite sets it after each commit.
    private let logFrames: UnsafeMutablePointer<Int>
    /// The decoded rows that the owner of the tables keeps for this connection.
    package var decodedRows: AnyObject?
    /// Names the state of the database that all queries see until the transaction ends; `nil` where the state may change
    /// between two queries.
    package private(set) var snapshot: UInt64?
    private var snapshotCount: UInt64 = 0

    /// Settings of the library before its first use. SQLite refuses them if other code of the process has used it before;
    /// nothing depends on them.
    private static let configureOnce: Void = { _ = tessera_sqlite_skip_memory_statistics() }()

    /// Opens a file that is there already, or `:memory:`.
    ///
    /// - Parameter gathersLog: Whether the write-ahead log is written in large pieces, for many changes in one commit. Such
    ///   a connection keeps `synchronous=FULL` for all its life.
    package init(path: String, access: Access, gathersLog: Bool = false) throws(StoreError) {
        Self.configureOnce
        // SQLite would take what begins with `file:` for a URI with options.
        let name = path == ":memory:" || path.hasPrefix("/") ? path : "./" + path
        // Without SQLite's own mutexes: the owner of the connection holds a lock already.
        let flags = (access == .reading ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX
        var handle: OpaquePointer?
        let vfs = gathersLog ? GatheredLog.vfs : nil
        let code = sqlite3_open_v2(name, &handle, flags | SQLITE_OPEN_EXRESCODE, vfs)
        guard code == SQLITE_OK, let handle else {
            sqlite3_close_v2(handle)
            throw Self.failure(code, message: "The database cannot be opened")
        }
        self.handle = handle
        self.gathersLog = vfs != nil
        logFrames = .allocate(capacity: 1)
        logFrames.initialize(to: 0)
        sqlite3_busy_timeout(handle, 5_000)
        _ = tessera_sqlite_set_defensive(handle, 1)
        _ = tessera_sqlite_distrust_schema(handle)
        if gathersLog { GatheredLog.forgetWhatIsUndone(by: handle) }
    }

    deinit {
        prepared = []
        preparedByText = [:]
        sqlite3_close_v2(handle)
        logFrames.deallocate()
    }

    /// Maps at most this number of bytes of the file into memory; 0 unmaps the file. Not within a transaction.
    func map(_ bytes: Int) throws(StoreError) {
        try executeScript("PRAGMA mmap_size = \(bytes)")
    }

    /// Lets statements write to `sqlite_schema`, or forbids it: for a migration that changes no more than constraints.
    package func allowsSchemaText(_ isAllowed: Bool) {
        _ = tessera_sqlite_set_defensive(handle, isAllowed ? 0 : 1)
    }

    // MARK: Statements

    /// Runs a statement that gives no rows.
    ///
    /// - Returns: How many rows it changed, itself, without cascades and triggers.
    /// - Throws: ``StoreError``; never with a bound value in it.
    @discardableResult
    public func execute(_ sql: String, _ values: [SQLiteValue] = []) throws(StoreError) -> Int {
        try change(try statement(sql), values)
    }

    /// Runs a query.
    ///
    /// - Parameter read: Makes a value of a row, which must not be kept.
    /// - Returns: The values in the order of the rows.
    /// - Throws: What `read` throws; ``StoreError``, never with a bound value in it.
    public func query<Value>(
        _ sql: String, _ values: [SQLiteValue] = [],
        _ read: (borrowing SQLiteRow) throws -> Value
    ) throws -> [Value] {
        var result: [Value] = []
        try forEachRow(try statement(sql), values) { row in result.append(try read(row)) }
        return result
    }

    /// Runs a query for one row; `nil` when there is none. Further rows are not looked at.
    ///
    /// - Throws: What `read` throws; ``StoreError``, never with a bound value in it.
    public func first<Value>(
        _ sql: String, _ values: [SQLiteValue] = [],
        _ read: (borrowing SQLiteRow) throws -> Value
    ) throws -> Value? {
        var result: Value?
        try forFirstRow(try statement(sql), values) { row in result = try read(row) }
        return result
    }

    /// Runs several statements without parameters, such as those of a migration.
    public func executeScript(_ sql: String) throws(StoreError) {
        try check(sqlite3_exec(handle, sql, nil, nil, nil))
    }

    /// Runs a statement that returns no rows; see ``execute(_:_:)``.
    @discardableResult
    package func execute(_ sql: SQLText, _ values: [SQLiteValue] = []) throws(StoreError) -> Int {
        try change(try statement(sql), values)
    }

    /// Runs a query; see ``query(_:_:_:)``.
    @inlinable
    package func query<Value>(
        _ sql: SQLText, _ values: [SQLiteValue] = [],
        _ read: (borrowing SQLiteRow) throws -> Value
    ) throws -> [Value] {
        var result: [Value] = []
        try forEachRow(sql, values) { row in result.append(try read(row)) }
        return result
    }

    /// Runs a query for one row; see ``first(_:_:_:)``.
    @inlinable
    package func first<Value>(
        _ sql: SQLText, _ values: [SQLiteValue] = [],
        _ read: (borrowing SQLiteRow) throws -> Value
    ) throws -> Value? {
        var result: Value?
        try forFirstRow(sql, values) { row in result = try read(row) }
        return result
    }

    /// Runs a query for one row by an integer, without an array of values: the look-up of a check.
    @inlinable
    package func first<Value>(
        _ sql: SQLText, key: Int64, _ read: (borrowing SQLiteRow) throws -> Value
    ) throws -> Value? {
        var result: Value?
        try forFirstRow(sql, key: key) { row in result = try read(row) }
        return result
    }

    // The generic functions above are compiled where they are called. These do the work, compiled once.

    /// Calls `body` for each row of a query.
    @usableFromInline
    package func forEachRow(
        _ sql: SQLText, _ values: [SQLiteValue], _ body: (borrowing SQLiteRow) throws -> Void
    ) throws {
        try forEachRow(try statement(sql), values, body)
    }

    /// Calls `body` for the first row of a query, if there is one.
    @usableFromInline
    package func forFirstRow(
        _ sql: SQLText, _ values: [SQLiteValue], _ body: (borrowing SQLiteRow) throws -> Void
    ) throws {
        try forFirstRow(try statement(sql), values, body)
    }

    /// Calls `body` for the first row of a query by an integer, if there is one.
    @usableFromInline
    package func forFirstRow(
        _ sql: SQLText, key: Int64, _ body: (borrowing SQLiteRow) throws -> Void
    ) throws {
        let statement = try statement(sql)
        defer { statement.reset() }
        try check(sqlite3_bind_int64(statement.handle, 1, key))
        if try step(statement) { try body(SQLiteRow(statement.handle)) }
    }

    // MARK: Transactions

    private static let begin = SQLText("BEGIN")
    private static let beginImmediate = SQLText("BEGIN IMMEDIATE")
    private static let commit = SQLText("COMMIT")
    private static let rollback = SQLText("ROLLBACK")
    private static let savepoint = SQLText("SAVEPOINT job")
    private static let release = SQLText("RELEASE job")
    private static let rollbackToSavepoint = SQLText("ROLLBACK TO job")

    func beginReading() throws(StoreError) {
        try execute(Self.begin)
        snapshotCount &+= 1
        snapshot = snapshotCount
    }

    package func beginWriting() throws(StoreError) { try execute(Self.beginImmediate) }

    func commit() throws(StoreError) {
        if gathersLog { try requireFullSync() }
        try execute(Self.commit)
    }

    /// Refuses a commit without a sync: the sync of each commit writes the gathered log, and only then may other connections
    /// see its frames.
    private func requireFullSync() throws(StoreError) {
        // Compiled each time: the answer is part of the compiled statement.
        let statement = try prepare("PRAGMA synchronous")
        guard try step(statement), sqlite3_column_int(statement.handle, 0) >= Self.fullSync else {
            throw StoreError(
                .unavailable, "SQLite is not set to make each commit durable (synchronous=FULL).")
        }
    }
    private static let fullSync: Int32 = 2

    /// Rolls the transaction back, unless SQLite has done so itself.
    package func rollBack() {
        snapshot = nil
        if isInTransaction { _ = try? execute(Self.rollback) }
    }

    func setSavepoint() throws(StoreError) { try execute(Self.savepoint) }
    func releaseSavepoint() throws(StoreError) { try execute(Self.release) }
    func rollBackToSavepoint() throws(StoreError) {
        try execute(Self.rollbackToSavepoint)
        try execute(Self.release)
    }

    /// Indicates that a transaction is open. SQLite itself rolls one back when the disk is full or the file is damaged.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    // MARK: The file

    /// Makes every later call fail at once where it would wait for a lock of another connection.
    func waitForNoLock() { sqlite3_busy_timeout(handle, 0) }

    /// Indicates that the last call failed because another connection held a lock.
    var wasBusy: Bool { sqlite3_errcode(handle) & 0xFF == SQLITE_BUSY }

    var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

    /// The number of frames in the write-ahead log after the last commit of this connection.
    var writeAheadLogFrames: Int { logFrames.pointee }

    /// Counts the frames of the log from now on, instead of the automatic checkpoints of SQLite.
    func watchWriteAheadLog() {
        _ = sqlite3_wal_hook(
            handle,
            { frames, _, _, count in
                frames?.assumingMemoryBound(to: Int.self).pointee = Int(count)
                return SQLITE_OK
            }, logFrames)
    }

    /// The paths of the file, its log and the index of the log, without symbolic links.
    var fileNames: (file: String, log: String, index: String) {
        guard let name = sqlite3_db_filename(handle, "main") else { return ("", "", "") }
        let file = String(cString: name)
        return (file, String(cString: sqlite3_filename_wal(name)), file + "-shm")
    }

    /// Indicates that the path leads to another file than the open one, or to no file.
    var wasFileMoved: Bool {
        var wasMoved: Int32 = 0
        let code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &wasMoved)
        return code != SQLITE_OK || wasMoved != 0
    }

    /// The result of a checkpoint.
    enum Checkpoint {
        /// The whole log was checkpointed, so the next commit can write the log from its start.
        case complete
        /// A part of the log must stay for now.
        case partial
        /// The system could not make the file durable. The log stays, even when the connection is closed.
        case syncFailed
    }

    /// Checkpoints the write-ahead log into the file as far as no reader needs it, without waiting.
    /// ``SQLiteLogKeeper`` decides when this is safe.
    func checkpoint() -> Checkpoint {
        var frames: Int32 = 0
        var carried: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_PASSIVE, &frames, &carried)
        if code == tessera_sqlite_ioerr_fsync {
            keepLogOnClose()
            return .syncFailed
        }
        return code == SQLITE_OK && frames == carried ? .complete : .partial
    }

    /// Keeps the log when the connection is closed, even if it is the last connection.
    func keepLogOnClose() { _ = tessera_sqlite_keep_log_on_close(handle) }

    /// Begins a read transaction, which keeps every process from overwriting the present content of the log until
    /// ``rollBack()``. If the whole log was checkpointed already, there is nothing to keep.
    func pinLog() throws(StoreError) {
        rollBack()
        try beginReading()
        // The first statement fixes the visible state.
        do { _ = try dataVersion() } catch { throw StoreError(wrapping: error) }
    }

    /// Resets the recorded progress of checkpoints to zero, so that the next checkpoint of any process begins at the start of
    /// the log.
    ///
    /// The record is `nBackfill`, at offset 96 of the index (SQLite's "WAL-mode File Format" §2.1.2). Only a process that
    /// holds the checkpoint lock may write it; a smaller number is always correct. If the lock is not available, another
    /// process is making a checkpoint, and the pin of the log keeps that process from emptying the log.
    func forgetWhatWasCarriedOver() {
        var pointer: UnsafeMutablePointer<sqlite3_file>?
        guard
            sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &pointer) == SQLITE_OK,
            let file = pointer, let methods = file.pointee.pMethods?.pointee, methods.iVersion >= 2
        else { return }
        let (checkpointLock, exclusive): (Int32, Int32) = (1, SQLITE_SHM_EXCLUSIVE)
        for _ in 1...100 {
            guard methods.xShmLock(file, checkpointLock, 1, SQLITE_SHM_LOCK | exclusive) == SQLITE_OK else {
                usleep(10_000)
                continue
            }
            var index: UnsafeMutableRawPointer?
            if methods.xShmMap(file, 0, 32_768, 0, &index) == SQLITE_OK {
                index?.storeBytes(of: 0, toByteOffset: 96, as: UInt32.self)
                methods.xShmBarrier(file)
            }
            _ = methods.xShmLock(file, checkpointLock, 1, SQLITE_SHM_UNLOCK | exclusive)
            return
        }
    }

    /// Checkpoints the whole log into the file, makes the file durable and empties the log.
    ///
    /// - Returns: `true` when the whole log was checkpointed; `false` when another process uses the database.
    /// - Throws: ``StoreError``: `.corrupt` when SQLite cannot read the file with its log.
    func settle() throws(StoreError) -> Bool {
        // SQLite must not repeat a failed checkpoint, unnoticed, when it closes the connection.
        keepLogOnClose()
        // A connection that has run no statement has not opened the log, and would report a checkpoint all the same.
        try executeScript("PRAGMA schema_version")
        var frames: Int32 = 0
        var carried: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(
            handle, "main", SQLITE_CHECKPOINT_TRUNCATE, &frames, &carried)
        if code & 0xFF == SQLITE_BUSY { return false }
        try check(code)
        // An emptied log holds 0 frames; -1 stands for a database that has no log, which a statement would have met.
        guard frames == carried, frames <= 0 else {
            throw StoreError(.unavailable, "SQLite carried over \(carried) of \(frames) frames.")
        }
        return true
    }

    /// A number that changes when another connection has committed a change.
    func dataVersion() throws -> Int64 {
        try first(Self.dataVersionQuery) { row in try row.integer(0) } ?? 0
    }
    private static let dataVersionQuery = SQLText("PRAGMA data_version")

    /// Copies the whole database, in its state at the beginning, over the database of another connection. Other connections
    /// can write meanwhile.
    ///
    /// - Parameter progress: Called after every 16 MiB with the number of copied bytes and the number of all bytes.
    func copy(
        to destination: SQLiteConnection, progress: (_ copied: Int, _ total: Int) -> Void
    ) throws {
        // One state for all steps: SQLite would start again after each change by another connection.
        try beginReading()
        defer { rollBack() }
        try executeScript("SELECT 1 FROM sqlite_schema")
        let pageSize = Int(try first("PRAGMA page_size") { row in try row.integer(0) } ?? 0)
        guard let backup = sqlite3_backup_init(destination.handle, "main", handle, "main") else {
            throw destination.failure(sqlite3_extended_errcode(destination.handle))
        }
        var code = SQLITE_OK
        while code == SQLITE_OK {
            code = sqlite3_backup_step(backup, 4_096)
            let total = Int(sqlite3_backup_pagecount(backup))
            progress((total - Int(sqlite3_backup_remaining(backup))) * pageSize, total * pageSize)
        }
        let end = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE else {
            throw Self.failure(code, message: String(cString: sqlite3_errstr(code)))
        }
        try destination.check(end)
    }

    // MARK: Inside

    private func statement(_ sql: SQLText) throws(StoreError) -> PreparedStatement {
        if sql.slot < prepared.count, let statement = prepared[sql.slot], !statement.isRunning {
            return statement
        }
        let statement = try prepare(sql.text)
        while prepared.count <= sql.slot { prepared.append(nil) }
        // A statement that is running (a query within the same query) keeps its slot.
        if prepared[sql.slot] == nil { prepared[sql.slot] = statement }
        return statement
    }

    private func statement(_ sql: String) throws(StoreError) -> PreparedStatement {
        if let statement = preparedByText[sql], !statement.isRunning { return statement }
        let statement = try prepare(sql)
        if preparedByText.count >= Self.textCapacity { preparedByText = [:] }
        preparedByText[sql] = statement
        return statement
    }

    private func prepare(_ sql: String) throws(StoreError) -> PreparedStatement {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
        guard let statement else { throw StoreError(.corrupt, "An SQL statement is empty.") }
        return PreparedStatement(statement)
    }

    private func forEachRow(
        _ statement: PreparedStatement, _ values: [SQLiteValue],
        _ body: (borrowing SQLiteRow) throws -> Void
    ) throws {
        let held = bound.count
        defer { finish(statement, held) }
        try bind(values, to: statement)
        while try step(statement) { try body(SQLiteRow(statement.handle)) }
    }

    private func forFirstRow(
        _ statement: PreparedStatement, _ values: [SQLiteValue],
        _ body: (borrowing SQLiteRow) throws -> Void
    ) throws {
        let held = bound.count
        defer { finish(statement, held) }
        try bind(values, to: statement)
        if try step(statement) { try body(SQLiteRow(statement.handle)) }
    }

    private func change(_ statement: PreparedStatement, _ values: [SQLiteValue]) throws(StoreError) -> Int {
        let held = bound.count
        defer { finish(statement, held) }
        try bind(values, to: statement)
        while try step(statement) {}
        return Int(sqlite3_changes64(handle))
    }

    /// Resets a statement and releases its bound values.
    private func finish(_ statement: PreparedStatement, _ held: Int) {
        statement.finish()
        // Statements that run within each other end in the reverse order.
        bound.drop(to: held)
    }

    private func step(_ statement: PreparedStatement) throws(StoreError) -> Bool {
        statement.isRunning = true
        switch sqlite3_step(statement.handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw failure(code)
        }
    }

    private func bind(_ values: [SQLiteValue], to statement: PreparedStatement) throws(StoreError) {
        precondition(
            values.count == sqlite3_bind_parameter_count(statement.handle),
            "an SQL statement has another number of parameters than it is given values")
        for (index, value) in values.enumerated() {
            let position = Int32(index + 1)
            let code: Int32
            switch value {
            case .null: code = sqlite3_bind_null(statement.handle, position)
            case .integer(let integer): code = sqlite3_bind_int64(statement.handle, position, integer)
            case .real(let real): code = sqlite3_bind_double(statement.handle, position, real)
            case .text(var text):
                code = text.withUTF8 { bytes in
                    let (address, lifetime) = bound.hold(UnsafeRawBufferPointer(bytes))
                    return sqlite3_bind_text(
                        statement.handle, position, address.assumingMemoryBound(to: CChar.self),
                        Int32(bytes.count), lifetime)
                }
            case .blob(let bytes):
                code = bytes.withUnsafeBytes { bytes in
                    let (address, lifetime) = bound.hold(bytes)
                    return sqlite3_bind_blob(
                        statement.handle, position, address, Int32(bytes.count), lifetime)
                }
            case .words(let high, let low):
                code = withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes in
                    let (address, lifetime) = bound.hold(bytes)
                    return sqlite3_bind_blob(
                        statement.handle, position, address, Int32(bytes.count), lifetime)
                }
            }
            try check(code)
        }
    }

    private func check(_ code: Int32) throws(StoreError) {
        if code != SQLITE_OK { throw failure(code) }
    }

    private func failure(_ code: Int32) -> StoreError {
        // SQLite's message names tables, columns and places in the SQL text, never what is bound to it.
        Self.failure(code, message: String(cString: sqlite3_errmsg(handle)))
    }

    private static func failure(_ code: Int32, message: String) -> StoreError {
        let sentence = "SQLite: \(message) (\(code))."
        return switch code & 0xFF {
        case SQLITE_FULL: StoreError(.full, sentence)
        case SQLITE_READONLY, SQLITE_PERM: StoreError(.readOnly, sentence)
        // An SQL error is a missing table or column as long as the SQL itself is sound.
        case SQLITE_ERROR, SQLITE_SCHEMA: StoreError(.notMigrated, sentence)
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_FORMAT:
            StoreError(.corrupt, sentence)
        default: StoreError(.unavailable, sentence)
        }
    }
}

/// A statement that SQLite has compiled for one connection.
private final class PreparedStatement {
    let handle: OpaquePointer
    /// From its first step until it is reset.
    var isRunning = false

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { sqlite3_finalize(handle) }

    /// Resets the statement.
    func reset() {
        sqlite3_reset(handle)
        isRunning = false
    }

    /// Resets the statement and releases its bound values.
    func finish() {
        reset()
        sqlite3_clear_bindings(handle)
    }
}
