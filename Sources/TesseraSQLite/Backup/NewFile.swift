import Glibc
import TesseraDatabase

/// A file that gets its name only when it is complete and durable.
///
/// Until then it has another name in the same directory and is readable for its owner alone. The object deletes it unless
/// ``putInPlace(isReplacing:)`` has succeeded.
final class NewFile {
    /// The path of the file that is being written.
    let path: String
    private let destination: String
    private var isDurable = false
    private var isInPlace = false

    /// Makes an empty file beside the destination.
    ///
    /// - Throws: ``StoreError`` that names the destination and says what is in the way.
    init(for destination: String) throws(StoreError) {
        self.destination = destination
        path = "\(destination).\(getpid()).partial"
        // One that is there already was left by a process of the same number, which has ended.
        unlink(path)
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(destination, "cannot be made") }
        fchmod(descriptor, 0o600)
        close(descriptor)
    }

    deinit {
        if !isInPlace { unlink(path) }
        for suffix in Self.companions { unlink(path + suffix) }
    }

    /// The suffixes of the files that SQLite may leave beside a database.
    static let companions = ["-journal", "-wal", "-shm"]

    /// Waits until all that was written is on the disk.
    func makeDurable() throws(StoreError) {
        try Self.sync(path)
        isDurable = true
    }

    /// Gives the file the name of the destination, in one step. It must be durable by then: a name that is on the disk
    /// before its content would stand for a damaged file after a power cut.
    ///
    /// - Parameter isReplacing: Whether a file of that name may be there; otherwise it is left alone.
    func putInPlace(isReplacing: Bool) throws(StoreError) {
        precondition(isDurable, "a file is put in its place before it is durable")
        // A second name is refused where one is; a new name for the file would take its place.
        guard (isReplacing ? rename(path, destination) : link(path, destination)) == 0 else {
            throw errno == EEXIST
                ? Self.isThere(destination) : Self.failure(destination, "cannot be put in its place")
        }
        isInPlace = isReplacing
        do {
            try Self.syncDirectory(of: destination)
        } catch {
            throw StoreError(
                error.code,
                "\(destination) is in its place, but may be gone after a power cut: \(error.sentence)")
        }
    }

    /// Waits until the names in the directory of a file are on the disk.
    static func syncDirectory(of path: String) throws(StoreError) { try sync(directory(of: path)) }

    /// Removes a file, if there is one.
    static func remove(_ path: String) throws(StoreError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure(path, "cannot be removed") }
    }

    static func isThere(_ path: String) -> StoreError {
        StoreError(.unavailable, "\(path) is there already; --force replaces it.")
    }

    /// Waits until a file, or the names in a directory, are on the disk.
    private static func sync(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "cannot be read") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path, "cannot be made durable") }
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func failure(_ path: String, _ complaint: String) -> StoreError {
        let reason = String(cString: strerror(errno))
        return switch errno {
        case ENOSPC, EDQUOT: StoreError(.full, "\(path): there is no space left.")
        case ENOENT, ENOTDIR: StoreError(.unavailable, "\(path): the directory does not exist.")
        default: StoreError(.unavailable, "\(path) \(complaint) (\(reason)).")
        }
    }
}
