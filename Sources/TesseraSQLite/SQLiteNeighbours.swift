import Glibc
import TesseraDatabase

/// Detects other processes that have the database open, for a process that leaves the log to them.
///
/// The object has a file descriptor of its own. When a process closes any descriptor of a file, the system releases all
/// locks of the process on that file. So this object must be created before SQLite opens the file, and must live longer, and
/// the process must open the file only once.
final class SQLiteNeighbours: Sendable {
    private let descriptor: Int32

    /// The bytes that each process with an open database in WAL mode holds a shared lock on (SQLite's file format, "The
    /// Lock-Byte Page").
    private static let start = 0x4000_0002
    private static let count = 510

    init(of path: String) throws(StoreError) {
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError(.readOnly, "\(path) is not writable.") }
    }

    deinit { close(descriptor) }

    /// Runs `body` if no other process has the file open. A process that opens the file meanwhile waits.
    ///
    /// Locks belong to the process. So this upgrades the shared lock that SQLite holds to an exclusive one, as SQLite itself
    /// does when the last connection is closed, and downgrades it afterwards.
    ///
    /// - Returns: `true` when it ran.
    func whileAlone(_ body: () -> Void) -> Bool {
        guard lock(F_WRLCK) else { return false }
        defer { _ = lock(F_RDLCK) }
        body()
        return true
    }

    private func lock(_ kind: Int32) -> Bool {
        var lock = flock()
        lock.l_type = Int16(kind)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = Self.start
        lock.l_len = Self.count
        return fcntl(descriptor, F_SETLK, &lock) == 0
    }
}
