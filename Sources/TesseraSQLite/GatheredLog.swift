import Glibc
import TesseraCSQLite

/// A way for SQLite to its files that writes the write-ahead log in few large pieces.
///
/// SQLite hands over each frame of the log in two pieces, which are two calls of the system; with many changes in one
/// commit they cost three times as much as one call for all. Here they are gathered until something else is asked of the
/// log, which is the sync of the commit in the end.
///
/// Only for a connection with `synchronous=FULL`: then no frame is made known to others before that sync, so that nobody
/// looks for it in the file while it is not there yet. What could not be written is reported by the sync, and the commit
/// fails as it would have with the write. What is left of a change that was undone is forgotten (``forgetWhatIsUndone(by:)``), so that
/// something is gathered only while the connection holds the lock for writing.
enum GatheredLog {
    /// By which name a connection is opened so; `nil`, which stands for the ordinary way, when SQLite has no memory for it,
    /// or a program that embeds this has a way of its own.
    static let vfs: String? = {
        guard let below, String(cString: below.pointee.zName) == "unix" else { return nil }
        let own = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        // All but the opening of files is that of SQLite's own way, which finds what it needs in the copy. What else there
        // may be would perhaps not.
        own.initialize(to: below.pointee)
        own.pointee.pNext = nil
        let name = "tessera-gathered-log"
        own.pointee.zName = UnsafePointer(strdup(name))
        own.pointee.szOsFile = Int32(headSize) + below.pointee.szOsFile
        own.pointee.xOpen = { _, name, file, flags, outFlags in open(name, file, flags, outFlags) }
        guard own.pointee.zName != nil, sqlite3_vfs_register(own, 0) == SQLITE_OK else { return nil }
        return name
    }()

    /// How much is gathered at most, in bytes: 31 frames. The ordinary way takes no more in one piece.
    private static let capacity: Int32 = 0x1_FFFF
    /// Where the file of the ordinary way stands behind the own one, aligned for whatever it holds.
    private static let headSize = (MemoryLayout<tessera_gathered_file>.size + 15) & ~15

    // Safe to share: SQLite's own, for the life of the process, and never written here.
    private nonisolated(unsafe) static let below: UnsafeMutablePointer<sqlite3_vfs>? = sqlite3_vfs_find(nil)

    private typealias File = UnsafeMutablePointer<tessera_gathered_file>

    // Safe to share: nobody writes it.
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

    /// Has a connection forget what it gathered for a change, whenever one is undone. The lock under which it could be
    /// written is gone then: another process may already have put its own frames into the same places.
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

    /// What is still gathered belongs to a change that is given up with the connection.
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

    /// Does something with the file of the ordinary way, which holds then all that was written.
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
