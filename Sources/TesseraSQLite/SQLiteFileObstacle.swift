import Glibc
import TesseraDatabase

/// The reason in the file system why this process cannot use a database file.
///
/// SQLite says of most of them that it is "unable to open database file". An operator needs the path, its owner and the
/// permission that is missing.
enum SQLiteFileObstacle {
    /// Looks at the directories that lead to the file, at the file, and at the two files that SQLite keeps beside it.
    ///
    /// - Returns: `nil` when none of them stands in the way.
    static func find(_ path: String) -> StoreError? {
        let directory = parent(of: path)
        if let error = obstacle(atDirectory: directory, of: path) { return error }
        var entry = stat()
        guard lstat(path, &entry) == 0 else { return obstacle(toMakingFilesIn: directory, for: path) }
        if let error = kind(of: path) ?? obstacle(atFile: path) { return error }
        for companion in ["\(path)-wal", "\(path)-shm"] where status(companion) != nil {
            if let error = obstacle(atFile: companion) { return error }
        }
        // The files beside it are where a symbolic link leads to.
        let place = resolved(path).map(parent(of:)) ?? directory
        return obstacle(toMakingFilesIn: place, for: "\(path)-wal")
    }

    /// The error for a path that leads to something else than a regular file; `nil` for a file, or when `stat` fails.
    ///
    /// Asked before SQLite opens the path: reading from a pipe would wait for ever.
    static func kind(of path: String) -> StoreError? {
        guard let file = status(path) else {
            return errno == ENOENT
                ? StoreError(.unavailable, "\(path) is a symbolic link to a file that does not exist.") : nil
        }
        switch file.st_mode & S_IFMT {
        case S_IFREG: return nil
        case S_IFDIR: return StoreError(.unavailable, "\(path) is a directory; a database is a file.")
        default: return StoreError(.unavailable, "\(path) is not a regular file.")
        }
    }

    // MARK: The places

    /// The first directory on the way that is missing, is none, or cannot be entered.
    private static func obstacle(atDirectory directory: String, of path: String) -> StoreError? {
        var prefixes: [String] = []
        var prefix = directory
        while prefixes.last != prefix {
            prefixes.append(prefix)
            prefix = parent(of: prefix)
        }
        for directory in prefixes.reversed() {
            guard let status = status(directory) else {
                guard errno == ENOENT else { continue }
                return StoreError(.unavailable, "\(path): the directory \(directory) does not exist.")
            }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                return StoreError(.unavailable, "\(path): \(directory) is not a directory.")
            }
            guard allows(directory, X_OK) else {
                return StoreError(
                    .unavailable,
                    "\(path): the directory \(directory) cannot be entered. \(missing("execute", directory, status))"
                )
            }
        }
        return nil
    }

    private static func obstacle(toMakingFilesIn directory: String, for path: String) -> StoreError? {
        guard let status = status(directory), !allows(directory, W_OK) else { return nil }
        let reason = errno
        return StoreError(
            .readOnly,
            reason == EROFS
                ? "\(path): the file cannot be made; the file system is read-only."
                : "\(path): the file cannot be made; the directory \(directory) is not writable. \(missing("write", directory, status))"
        )
    }

    private static func obstacle(atFile path: String) -> StoreError? {
        guard let status = status(path) else { return nil }
        if !allows(path, R_OK) {
            return StoreError(.unavailable, "\(path) is not readable. \(missing("read", path, status))")
        }
        if !allows(path, W_OK) {
            return StoreError(
                .readOnly,
                errno == EROFS
                    ? "\(path) is not writable: the file system is read-only."
                    : "\(path) is not writable. \(missing("write", path, status))")
        }
        return nil
    }

    // MARK: Words

    /// A sentence that names the user, the missing permission, and the owner and mode of the file.
    private static func missing(_ permission: String, _ path: String, _ status: stat) -> String {
        let mode = String(status.st_mode & 0o7777, radix: 8)
        return
            "\(user(geteuid())) lacks \(permission) permission; it belongs to \(user(status.st_uid)) and has mode 0\(mode)."
    }

    /// The name of a user, or the number where none is known.
    private static func user(_ id: uid_t) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil,
            let name = entry.pw_name
        else { return "user \(id)" }
        return "user \(String(cString: name))"
    }

    // MARK: The file system

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    /// Reports whether the effective user of the process has this access; otherwise `errno` has the reason.
    private static func allows(_ path: String, _ mode: Int32) -> Bool {
        faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0
    }

    private static func resolved(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// The directory in which a path stands; of the root and of the working directory, itself.
    private static func parent(of path: String) -> String {
        var bytes = Array(path.utf8)
        let slash = UInt8(ascii: "/")
        while bytes.count > 1, bytes.last == slash { bytes.removeLast() }
        guard let last = bytes.lastIndex(of: slash) else { return "." }
        return last == 0 ? "/" : String(decoding: bytes[..<last], as: UTF8.self)
    }
}
