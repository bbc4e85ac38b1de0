import Glibc
import TesseraDatabase

/// The old database that a restored one replaces. Its write-ahead log is removed before the replacement.
///
/// SQLite applies every log that lies beside a file, because a log does not name its database. A log of the old database
/// beside the restored file would be checkpointed into the restored file. So the log must be removed *before* the file is
/// replaced. No data is lost: the log was checkpointed first, SQLite has confirmed that, and its removal is durable before
/// the replacement begins. A process that dies before the replacement leaves the complete old database in one file; a
/// process that dies after it leaves the complete restored one.
///
/// If SQLite cannot open the database with its log because of damage, there is nothing to checkpoint. The log then keeps
/// another name until the restored database is in place, and gets its name back if the replacement fails.
final class ReplacedDatabase {
    private let path: String
    /// Keeps all other processes out of the old file until the end. A process that opens the file now waits, and then finds
    /// that the file was replaced (``SQLiteFilePlace``).
    private let use: SoleUse
    /// The files of the log of a damaged database: the place of each file, and its temporary name.
    private var kept: [(place: String, refuge: String)] = []

    /// True where there is no file, or an empty one.
    var isNothing: Bool { use.isNothingThere }

    /// Checkpoints the whole log of the old database, and removes the log.
    ///
    /// - Throws: ``StoreError`` when another process has the database open, or when SQLite can neither checkpoint the log nor
    ///   finds the database damaged. The old database is then unchanged.
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

    /// Checkpoints the whole log of a database into its file.
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
