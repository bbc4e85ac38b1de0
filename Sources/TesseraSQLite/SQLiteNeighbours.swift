import Glibc
import TesseraDatabase

/// The other processes that have a database open, as seen by one that leaves the log to them.
///
/// For a process that opens the file once: it has a descriptor of its own, and at its end the system lets go of all locks
/// that the process has on the file. So it must be made before SQLite opens the file, and live longer.
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

    /// Runs `body` while no other process has the file open. One that comes meanwhile has to wait.
    ///
    /// Locks belong to the process, so that this turns the shared lock that SQLite holds for it into an exclusive one, as
    /// SQLite itself does when the last connection is closed, and back.
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
