import Glibc
import Synchronization
import TesseraDatabase

/// The names under which an open database is found: that of its file, of its log and of the index of the log.
///
/// A file that was removed or replaced stays open, and all seems well: changes go into a file that no other process finds,
/// and other processes make theirs in another file, where this one does not see them. So the names are looked at several times a second,
/// and after each commit before it is answered. Once a name leads to something else, nothing of this database is believed
/// any more, and nothing is written to it, until it is opened anew: what was at the name in the meantime is not known.
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

        /// True while it leads to the same file, with something in it.
        func isUnchanged(mayBeEmpty: Bool) -> Bool {
            var status = stat()
            return stat(path, &status) == 0 && status.st_ino == inode && status.st_dev == device
                && (mayBeEmpty || status.st_size > 0)
        }
    }

    /// That of the file first.
    private let names: [Name]
    private let troubles: SQLiteTroubles
    private let wasLost = Atomic<Bool>(false)

    /// Notes where the names lead to.
    ///
    /// - Parameters:
    ///   - path: The path as it was given, which may be a symbolic link.
    ///   - connection: One that has looked at the log, so that all files are there. It holds SQLite's lock of the file,
    ///     so that no `tessera restore` replaces it from now on.
    ///   - troubles: Told once when a name leads to something else.
    /// - Throws: ``StoreError`` when the file was replaced between its opening and now.
    init(_ path: String, _ connection: SQLiteConnection, _ troubles: SQLiteTroubles) throws(StoreError) {
        self.troubles = troubles
        let (file, log, index) = connection.fileNames
        let names = [path, file, log, index].map { Name($0) }
        self.names = names.compactMap { $0 }
        guard self.names.count == names.count, self.names[0].inode == self.names[1].inode,
            self.names[0].device == self.names[1].device, !connection.wasFileMoved
        else {
            // The names of log and index are those of another database by now, which may be in use.
            connection.keepLogOnClose()
            throw StoreError(.unavailable, "the file was replaced while it was being opened; try again.")
        }
    }

    /// True while every look has found all in its place.
    var isHeld: Bool { !wasLost.load(ordering: .acquiring) }

    /// Looks at the names: four calls of the system. From any thread.
    ///
    /// - Returns: `true` when all is in its place, and always was.
    @discardableResult
    func look() -> Bool {
        guard isHeld else { return false }
        // A look that is impossible tells nothing, and then nothing is believed either.
        let isInPlace = names.indices.allSatisfy { names[$0].isUnchanged(mayBeEmpty: $0 > 1) }
        if !isInPlace, !wasLost.exchange(true, ordering: .acquiringAndReleasing) { troubles.report(loss) }
        return isInPlace
    }

    /// - Throws: ``StoreError`` when a name led to something else at some look.
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
