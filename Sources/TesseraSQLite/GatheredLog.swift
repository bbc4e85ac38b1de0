import Glibc
import TesseraCSQLite

/// A virtual file system (VFS) for SQLite that writes the write-ahead log in few large pieces.
///
/// SQLite writes each frame of the log in two pieces, which are two system calls. With many changes in one commit, they cost
/// three times as much as one call for all. This VFS gathers the pieces in memory until SQLite asks for another operation on
/// the log, which is at the latest the sync of the commit.
///
/// Only connections with `synchronous=FULL` may use it: SQLite then publishes no frame in the index of the log before that
/// sync, so no other connection looks for a frame that the file does not hold yet. The sync reports a failed write, and the
/// commit fails as it would after the write itself. A rollback drops the gathered frames (``forgetWhatIsUndone(by:)``), so
/// frames are gathered only while the connection holds the write lock.
enum GatheredLog {
    /// The name of this VFS; `nil`, which stands for the default VFS, when SQLite has no memory for it, or when the embedding
    /// program has set a default VFS of its own.
    static let vfs: String? = {
        guard let below, String(cString: below.pointee.zName) == "unix" else { return nil }
        let own = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        // Only the opening of files differs from SQLite's own VFS, whose functions find their data in this copy. Another VFS
        // might not.
        own.initialize(to: below.pointee)
        own.pointee.pNext = nil
        let name = "tessera-gathered-log"
        own.pointee.zName = UnsafePointer(strdup(name))
        own.pointee.szOsFile = Int32(headSize) + below.pointee.szOsFile
        own.pointee.xOpen = { _, name, file, flags, outFlags in open(name, file, flags, outFlags) }
        guard own.pointee.zName != nil, sqlite3_vfs_register(own, 0) == SQLITE_OK else { return nil }
        return name
    }()

    /// The largest number of gathered bytes: 31 frames. The VFS below writes no more in one piece.
    private static let capacity: Int32 = 0x1_FFFF
    /// The offset of the file of the VFS below, behind the own file, aligned for any content.
    private static let headSize = (MemoryLayout<tessera_gathered_file>.size + 15) & ~15

    // Safe to share: SQLite's own, for the life of the process, and never written here.
    private nonisolated(unsafe) static let below: UnsafeMutablePointer<sqlite3_vfs>? = sqlite3_vfs_find(nil)

    private typealias File = UnsafeMutablePointer<tessera_gathered_file>

    // Safe to share: never written.
    private nonisolated(unsafe) static let methods: UnsafePointer<sqlite3_io_methods> = {
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        var own = sqlite3_io_methods()
        // The first version: a log is neither shared memory nor mapped.
        own.iVersion = 1
        own.xClose = { file in close(gathered(file)) }
        own.xRead = { file, bytes, count, offset in
            handOn(file) { $0.pointee.pMethods.pointee.xRead($0, bytes, count, offset) }
        }
        own.xWrite = { file, bytes, count, offset in write(gathered(file), bytes!, count, offset) }
        own.xTruncate = { file, size in handOn(file) { $0.pointee.pMethods.pointee.xTruncate($0, size) } }
        own.xSync = { file, flags in handOn(file) { $0.pointee.pMethods.pointee.xSync($0, flags) } }
        own.xFileSize = { file, size in handOn(file) { $0.pointee.pMethods.pointee.xFileSize($0, size) } }
        own.xLock = { file, lock in handOn(file) { $0.pointee.pMethods.pointee.xLock($0, lock) } }
        own.xUnlock = { file, lock in handOn(file) { $0.pointee.pMethods.pointee.xUnlock($0, lock) } }
        own.xCheckReservedLock = { file, result in
            handOn(file) { $0.pointee.pMethods.pointee.xCheckReservedLock($0, result) }
        }
        own.xFileControl = { file, operation, argument in
            handOn(file) { $0.pointee.pMethods.pointee.xFileControl($0, operation, argument) }
        }
        own.xSectorSize = { file in
            let below = gathered(file).pointee.below!
            return below.pointee.pMethods.pointee.xSectorSize(below)
        }
        own.xDeviceCharacteristics = { file in
            let below = gathered(file).pointee.below!
            return below.pointee.pMethods.pointee.xDeviceCharacteristics(below)
        }
        methods.initialize(to: own)
        return UnsafePointer(methods)
    }()

    /// Makes a connection drop its gathered frames at each rollback. The rollback releases the write lock, and another process
    /// may then have written its own frames to the same places of the log.
    static func forgetWhatIsUndone(by connection: OpaquePointer) {
        _ = sqlite3_rollback_hook(
            connection, { GatheredLog.forget(OpaquePointer($0!)) },
            UnsafeMutableRawPointer(connection))
    }

    private static func forget(_ connection: OpaquePointer) {
        var log: UnsafeMutablePointer<sqlite3_file>?
        guard sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK,
            let log, log.pointee.pMethods == methods
        else { return }
        gathered(log).pointee.count = 0
    }

    private static func open(
        _ name: UnsafePointer<CChar>?, _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
        _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let below, let file else { return SQLITE_CANTOPEN }
        guard flags & SQLITE_OPEN_WAL != 0 else {
            return below.pointee.xOpen(below, name, file, flags, outFlags)
        }
        let inner = (UnsafeMutableRawPointer(file) + headSize).assumingMemoryBound(to: sqlite3_file.self)
        inner.initialize(to: sqlite3_file())
        let code = below.pointee.xOpen(below, name, inner, flags, outFlags)
        // Only what has methods is closed.
        let head = sqlite3_file(pMethods: inner.pointee.pMethods == nil ? nil : Self.methods)
        gathered(file).initialize(
            to: tessera_gathered_file(file: head, below: inner, bytes: nil, start: 0, count: 0))
        return code
    }

    /// Drops the gathered frames: they belong to a change that ends with the connection.
    private static func close(_ file: File) -> Int32 {
        free(file.pointee.bytes)
        let below = file.pointee.below!
        return below.pointee.pMethods.pointee.xClose(below)
    }

    private static func write(
        _ file: File, _ bytes: UnsafeRawPointer, _ count: Int32, _ offset: Int64
    ) -> Int32 {
        if file.pointee.count > 0,
            offset != file.pointee.start + Int64(file.pointee.count) || count > capacity - file.pointee.count
        {
            let code = writeGathered(file)
            guard code == SQLITE_OK else { return code }
        }
        if file.pointee.bytes == nil { file.pointee.bytes = malloc(Int(capacity)) }
        guard let gathered = file.pointee.bytes, count <= capacity else {
            let below = file.pointee.below!
            return below.pointee.pMethods.pointee.xWrite(below, bytes, count, offset)
        }
        if file.pointee.count == 0 { file.pointee.start = offset }
        memcpy(gathered + Int(file.pointee.count), bytes, Int(count))
        file.pointee.count += count
        return SQLITE_OK
    }

    /// Calls an operation of the file below, after writing all gathered frames to it.
    private static func handOn(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ body: (UnsafeMutablePointer<sqlite3_file>) -> Int32
    ) -> Int32 {
        let file = gathered(file)
        let code = writeGathered(file)
        return code == SQLITE_OK ? body(file.pointee.below) : code
    }

    private static func writeGathered(_ file: File) -> Int32 {
        let count = file.pointee.count
        guard count > 0 else { return SQLITE_OK }
        // Also when it fails: the change is undone then, and the next one writes these places anew.
        file.pointee.count = 0
        let below = file.pointee.below!
        return below.pointee.pMethods.pointee.xWrite(below, file.pointee.bytes, count, file.pointee.start)
    }

    private static func gathered(_ file: UnsafeMutablePointer<sqlite3_file>?) -> File {
        UnsafeMutableRawPointer(file!).assumingMemoryBound(to: tessera_gathered_file.self)
    }
}
