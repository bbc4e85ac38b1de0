import TesseraDatabase

/// Checkpoints the write-ahead log into the database file, and knows when a checkpoint would lose data.
///
/// A failed sync of the file is dangerous. The system has dropped pages that it could not write, and reports this only once.
/// SQLite records the progress of checkpoints in the index of the log. If a reader kept an earlier checkpoint from finishing,
/// SQLite may have recorded the dropped pages as checkpointed. A later checkpoint, in this process or another one, would copy
/// only the rest, sync it with success, and restart the log, which holds the only copy of the dropped pages. Therefore:
///
/// - A read transaction pins the log before each checkpoint. While it is open, no process can restart or empty the log. It
///   ends after a successful checkpoint; after a failed sync, it stays open as long as the database is open.
/// - After a failed sync, this process makes no further checkpoint and resets the recorded progress in the index, so that the
///   next checkpoint of any process begins at the start of the log.
/// - A short-lived process, such as a command, makes no checkpoint while another process has the file open: that process may
///   know of a failed sync. If it is alone, or the last one to close the file, it keeps other processes out meanwhile.
///
/// Only the writer's thread uses it.
final class SQLiteLogKeeper {
    /// The number of frames at which a checkpoint is due: 16 MiB.
    private static let dueFrames = 4_096

    private let connection: SQLiteConnection
    private let place: SQLiteFilePlace
    private let troubles: SQLiteTroubles
    /// The other processes; `nil` in a process that makes checkpoints beside other processes.
    private let neighbours: SQLiteNeighbours?
    /// The connection that pins the log; made at the first checkpoint.
    private var pin: SQLiteConnection?
    private var nextFrames = SQLiteLogKeeper.dueFrames
    private var hasSyncFailed = false

    init(
        _ connection: SQLiteConnection, _ place: SQLiteFilePlace, _ troubles: SQLiteTroubles,
        _ neighbours: SQLiteNeighbours?
    ) {
        self.connection = connection
        self.place = place
        self.troubles = troubles
        self.neighbours = neighbours
    }

    /// Makes a checkpoint when the log is long enough.
    ///
    /// - Parameter endSnapshots: Ends the read transactions of this process, which need the log.
    func carryOverIfDue(_ endSnapshots: () -> Void) {
        guard connection.writeAheadLogFrames >= nextFrames, !hasSyncFailed, place.look() else { return }
        guard let neighbours else { return carryOver(endSnapshots) }
        if !neighbours.whileAlone({ carryOver(endSnapshots) }) { postpone() }
    }

    /// Decides whether the log stays when the connection is closed. By default, the last connection that any process closes
    /// checkpoints the log and deletes it.
    func prepareToClose() {
        pin = nil
        // SQLite deletes the log by its path, which may belong to another database by now.
        if hasSyncFailed || !place.look() { connection.keepLogOnClose() }
    }

    private func carryOver(_ endSnapshots: () -> Void) {
        do {
            let pin = try self.pin ?? SQLiteConnection(path: connection.fileNames.file, access: .reading)
            self.pin = pin
            endSnapshots()
            try pin.pinLog()
        } catch {
            return postpone()
        }
        let outcome = connection.checkpoint()
        switch outcome {
        case .complete: nextFrames = Self.dueFrames
        // Another process reads an old state, or the disk is full: a part of the log must stay. The next attempt comes later.
        case .partial: postpone()
        case .syncFailed:
            hasSyncFailed = true
            connection.forgetWhatWasCarriedOver()
            troubles.report(
                StoreError(
                    .unavailable,
                    "the disk could not make the database file durable: the log is kept and grows until the server is restarted; nothing is lost. Check the disk."
                ))
            return
        }
        pin?.rollBack()
        // Read transactions that began meanwhile need the log, and would keep the next commit from restarting it.
        endSnapshots()
    }

    private func postpone() { nextFrames = Self.dueFrames + connection.writeAheadLogFrames }
}
