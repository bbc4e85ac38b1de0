import Glibc
import TesseraDatabase

/// SQLite's exclusive lock of a file, held while the object lives. It keeps all other processes out of the file.
///
/// The lock is taken without SQLite, so that a damaged database can be replaced too. While the lock is held, this process
/// must not open and close the file in another way: the system would release the lock (POSIX `fcntl`).
final class SoleUse {
    private let descriptor: Int32
    /// True where there is no file, or an empty one.
    let isNothingThere: Bool

    /// The bytes that SQLite locks (its file format, "The Lock-Byte Page"): pending, reserved, and 510 shared ones.
    private static let start = 0x4000_0000
    private static let count = 512

    private init(_ descriptor: Int32, isNothingThere: Bool) {
        self.descriptor = descriptor
        self.isNothingThere = isNothingThere
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Takes the lock; where there is no file, there is nothing to lock.
    ///
    /// - Throws: ``StoreError`` when another process has the database open.
    static func take(of path: String) throws(StoreError) -> SoleUse {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return SoleUse(-1, isNothingThere: true) }
            throw StoreError(.readOnly, "\(path) is not writable, or its directory is not.")
        }
        var status = stat()
        let use = SoleUse(
            descriptor, isNothingThere: fstat(descriptor, &status) == 0 && status.st_size == 0)
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = start
        lock.l_len = count
        guard fcntl(descriptor, F_SETLK, &lock) == 0 else { throw inUse(path) }
        return use
    }

    static func inUse(_ path: String) -> StoreError {
        StoreError(.unavailable, "\(path) is in use by a running program; stop it first.")
    }
}
