import Glibc
package import TesseraDatabase

/// Makes complete copies of a database while it is in use, and puts a copy back in its place.
///
/// A copy is one self-contained file that holds the state of the database at the moment when the copying began. It is
/// checked, and it gets its name only when it is complete and durable.
public enum SQLiteBackup {
    /// The progress of a copy.
    public struct Progress: Sendable {
        /// The number of bytes that are copied, of `total`.
        public let copied: Int
        /// The number of bytes to copy.
        public let total: Int
    }

    /// Copies a database into a file of its own.
    ///
    /// - Parameter isOurs: Reports whether the database has the tables of this program, of a version that it knows.
    @discardableResult
    package static func write(
        _ database: String, to file: String, isReplacing: Bool,
        isOurs: (SQLiteConnection) throws(StoreError) -> Bool, progress: (Progress) -> Void
    ) throws(StoreError) -> Int {
        try requireFile(database)
        try requireRoom(at: file, besides: database, isReplacing: isReplacing)
        try require(isOurs, of: database)
        let copy = try NewFile(for: file)
        let size = try fill(copy, from: database, progress)
        try copy.makeDurable()
        try copy.putInPlace(isReplacing: isReplacing)
        return size
    }

    /// Puts a copy in the place of a database that no process is using.
    ///
    /// - Parameter isOurs: Reports whether the copy has the tables of this program, of a version that it knows.
    @discardableResult
    package static func restore(
        _ file: String, to database: String, isReplacing: Bool,
        isOurs: (SQLiteConnection) throws(StoreError) -> Bool, progress: (Progress) -> Void
    ) throws(StoreError) -> Int {
        let database = resolved(database)
        try requireFile(file)
        try requireRoom(at: database, besides: file, isReplacing: isReplacing)
        _ = try SoleUse.take(of: database)
        try require(isOurs, of: file)
        let copy = try NewFile(for: database)
        let size = try fill(copy, from: file, progress)
        try copy.makeDurable()
        let old = try ReplacedDatabase(settling: database)
        try copy.putInPlace(isReplacing: isReplacing || old.isNothing)
        old.forgetLog()
        return size
    }

    // MARK: Steps

    /// Copies a database into an empty file and checks what is there then.
    private static func fill(
        _ copy: NewFile, from source: String, _ progress: (Progress) -> Void
    ) throws(StoreError) -> Int {
        do {
            // Not for reading alone: the last to leave takes the log with it, and only who may write can.
            let reading = try SQLiteConnection(path: source, access: .writing)
            let writing = try SQLiteConnection(path: copy.path, access: .writing)
            // The caller makes the file durable once, before it puts the file in its place. Until then no data depends on it.
            try writing.executeScript("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF")
            try reading.copy(to: writing) { copied, total in progress(Progress(copied: copied, total: total))
            }
        } catch {
            let error = StoreError(wrapping: error)
            throw StoreError(error.code, "\(source) cannot be copied: \(error.sentence)")
        }
        do {
            let connection = try SQLiteConnection(path: copy.path, access: .writing)
            // The copy says, as its original, that a log belongs to it. It is to be one file.
            try connection.executeScript("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF")
            let findings = try connection.query("PRAGMA integrity_check(1)") { row in try row.text(0) }
            let orphans = try connection.query("PRAGMA foreign_key_check") { row in row.isNull(0) }
            guard findings == ["ok"], orphans.isEmpty else {
                throw StoreError(
                    .corrupt, "\(source) is damaged: \(findings.first ?? "rows belong to nothing").")
            }
            let pages = try connection.first("PRAGMA page_count") { row in try row.integer(0) } ?? 0
            let pageSize = try connection.first("PRAGMA page_size") { row in try row.integer(0) } ?? 0
            return Int(pages * pageSize)
        } catch {
            throw StoreError(wrapping: error)
        }
    }

    /// The file that a symbolic link leads to: beside it lies the log, and it is the one to replace.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func requireFile(_ path: String) throws(StoreError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw StoreError(.unavailable, "\(path): there is no such file.")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.unavailable, "\(path) is not a regular file.")
        }
    }

    /// Refuses a place that is taken, or is that of the original itself. An empty file is as good as none.
    private static func requireRoom(
        at path: String, besides original: String, isReplacing: Bool
    ) throws(StoreError) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.unavailable, "\(path) is not a regular file.")
        }
        var other = stat()
        if stat(original, &other) == 0, other.st_ino == status.st_ino, other.st_dev == status.st_dev {
            throw StoreError(.unavailable, "\(path) is the file itself that is to be copied.")
        }
        guard isReplacing || status.st_size == 0 else { throw NewFile.isThere(path) }
    }

    /// Refuses a file that is no database of this program, or one of a newer version.
    private static func require(
        _ isOurs: (SQLiteConnection) throws(StoreError) -> Bool, of path: String
    ) throws(StoreError) {
        let belongs: Bool
        do throws(StoreError) {
            belongs = try isOurs(try SQLiteConnection(path: path, access: .writing))
        } catch {
            throw error.code == .corrupt
                ? StoreError(.corrupt, "\(path) is not a SQLite database, or is damaged.")
                : StoreError(error.code, "\(path): \(error.sentence)")
        }
        guard belongs else { throw StoreError(.notMigrated, "\(path) is not a database of Tessera.") }
    }
}
