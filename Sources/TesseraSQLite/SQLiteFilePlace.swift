import Glibc
import Synchronization
import TesseraDatabase

/// The paths of an open database: its file, its write-ahead log and the index of the log.
///
/// A removed or replaced file stays open without an error: this process then writes to a file that no other process finds,
/// and does not see the changes that other processes make in another file. So this type checks the paths several times a
/// second, and after each commit before its answer. Once a path leads to another file, the process neither reads from the
/// database nor writes to it until it is opened again: the content of the path in the meantime is unknown.
final class SQLiteFilePlace: Sendable {
    private struct Name {
        let path: String
        let device: dev_t
        let inode: ino_t

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            self.path = path
            device = status.st_dev
            inode = status.st_ino
        }

        /// Reports whether the path leads to the same file, and whether the file has content.
        func isUnchanged(mayBeEmpty: Bool) -> Bool {
            var status = stat()
            return stat(path, &status) == 0 && status.st_ino == inode && status.st_dev == device
                && (mayBeEmpty || status.st_size > 0)
        }
    }

    /// The path of the file comes first.
    private let names: [Name]
    private let troubles: SQLiteTroubles
    private let wasLost = Atomic<Bool>(false)

    /// Records the files to which the paths lead.
    ///
    /// - Parameters:
    ///   - path: The path as it was given, which may be a symbolic link.
    ///   - connection: A connection that has read the log, so that all files exist. It holds SQLite's lock of the file, so
    ///     that no `tessera restore` can replace the file from now on.
    ///   - troubles: Receives one report when a path leads to another file.
    /// - Throws: ``StoreError`` when the file was replaced between its opening and now.
    init(_ path: String, _ connection: SQLiteConnection, _ troubles: SQLiteTroubles) throws(StoreError) {
        self.troubles = troubles
        let (file, log, index) = connection.fileNames
        let names = [path, file, log, index].map { Name($0) }
        self.names = names.compactMap { $0 }
        guard self.names.count == names.count, self.names[0].inode == self.names[1].inode,
            self.names[0].device == self.names[1].device, !connection.wasFileMoved
        else {
            // The paths of log and index now belong to another database, which may be in use.
            connection.keepLogOnClose()
            throw StoreError(.unavailable, "the file was replaced while it was being opened; try again.")
        }
    }

    /// Indicates that every check so far has found all files in place.
    var isHeld: Bool { !wasLost.load(ordering: .acquiring) }

    /// Checks the paths with four system calls. Any thread may call it.
    ///
    /// - Returns: `true` when all files are in place, at this check and at every earlier one.
    @discardableResult
    func look() -> Bool {
        guard isHeld else { return false }
        // A failed `stat` counts as a lost file: without the check, no data of the file may be used.
        let isInPlace = names.indices.allSatisfy { names[$0].isUnchanged(mayBeEmpty: $0 > 1) }
        if !isInPlace, !wasLost.exchange(true, ordering: .acquiringAndReleasing) { troubles.report(loss) }
        return isInPlace
    }

    /// Refuses a database whose files are no longer in place.
    ///
    /// - Throws: ``StoreError`` when a path led to another file at any check.
    func requireHeld() throws(StoreError) {
        guard isHeld else { throw loss }
    }

    var loss: StoreError {
        StoreError(
            .unavailable,
            "\(names[0].path), its -wal or its -shm file was removed, moved or replaced while in use; nothing is read from it or written to it any more. Put the files back, if you can, and start again."
        )
    }
}
