import Glibc
import TesseraCore

/// The database whose place a restored one takes, from the moment at which nothing of it is needed from its log.
///
/// SQLite believes every log that lies beside a file: nothing in the log names the database to which it belongs. A log of
/// the old database beside the restored file would be carried over into it, so the log has to go *before* the file is
/// replaced. That loses nothing, since the log was carried over first, with proof, and its absence is on the disk before
/// the replacement begins. A process that dies before the replacement leaves the whole old database, in one file; one that
/// dies after it leaves the whole restored one.
///
/// A database that is so damaged that SQLite cannot open it, log included, has nothing that could be carried over. Its log
/// stays under another name until the restored database is in place, and comes back when that fails.
final class ReplacedDatabase {
    private let path: String
    /// Keeps every other process from the old file until the end: one that opens it now waits, and finds then that it was
    /// replaced (``SQLiteFilePlace``).
    private let use: SoleUse
    /// The log of a damaged database: where it belongs, and where it is kept.
    private var kept: [(place: String, refuge: String)] = []

    /// True where there is no file, or an empty one.
    var isNothing: Bool { use.isNothingThere }

    /// Makes sure that the old database needs no log, and takes the log away.
    ///
    /// - Throws: ``StoreError`` when another process has the database open, or its log can neither be carried over nor be
    ///   called damaged. Then the old database is as it was.
    init(settling path: String) throws(StoreError) {
        self.path = path
        let isSettled = try Self.carryLogOver(path)
        use = try SoleUse.take(of: path)
        // A process may have written and died since the lock of the first step was let go of.
        if isSettled, !use.isNothingThere, (Self.size(of: path + "-wal") ?? 0) > 0 {
            throw StoreError(.unavailable, "\(path) was changed meanwhile; nothing was replaced. Try again.")
        }
        if isSettled {
            for suffix in NewFile.companions { try NewFile.remove(path + suffix) }
        } else {
            try keepLog()
        }
        // A power cut must not bring the log back beside the restored file.
        try NewFile.syncDirectory(of: path)
    }

    deinit {
        // Still there unless the restored database is in place.
        for (place, refuge) in kept { rename(refuge, place) }
    }

    /// Removes the log of a damaged database, which was kept until the restored one is in its place.
    func forgetLog() {
        for (_, refuge) in kept { unlink(refuge) }
        kept = []
    }

    // MARK: Steps

    /// Carries the whole log of a database over into its file.
    ///
    /// - Returns: `true` when that was done, or there was no log; `false` when the database is damaged.
    private static func carryLogOver(_ path: String) throws(StoreError) -> Bool {
        guard let size = size(of: path), size > 0 else { return true }
        let isSettled: Bool
        do throws(StoreError) {
            isSettled = try SQLiteConnection(path: path, access: .writing).settle()
        } catch  where error.code == .corrupt {
            return false
        } catch {
            throw StoreError(
                error.code,
                "\(path): its log cannot be carried over, so it is left as it is: \(error.sentence) If nothing of it is needed, move it and its -wal file away, and restore again."
            )
        }
        guard isSettled else { throw SoleUse.inUse(path) }
        return true
    }

    private func keepLog() throws(StoreError) {
        for suffix in NewFile.companions where Self.size(of: path + suffix) != nil {
            let (place, refuge) = (path + suffix, "\(path).damaged\(suffix)")
            guard rename(place, refuge) == 0 else {
                throw StoreError(
                    .unavailable, "\(place) cannot be moved (\(String(cString: strerror(errno)))).")
            }
            kept.append((place, refuge))
        }
    }

    /// The size of a file in bytes; `nil` when there is no such file.
    private static func size(of path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }
}
