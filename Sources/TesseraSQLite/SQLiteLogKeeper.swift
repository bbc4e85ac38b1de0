import TesseraDatabase

/// Carries the write-ahead log over into the file, and knows when that must not be done.
///
/// A sync of the file that fails leaves a trap. The system has dropped pages that it could not write, and says so once.
/// SQLite, which notes in the index of the log how far it has carried the log over, may have noted these pages before, when a
/// reader kept it from carrying over everything. Later, in this process or in another, it would carry over the rest, sync
/// that with success, and begin the log anew, in which the lost pages stood. So:
///
/// - A read transaction pins the log before anything is carried over. As long as it lasts, no process can begin the log
///   anew or empty it. It ends when all went well; after a sync that failed, it lasts as long as the database is open.
/// - After such a sync, this process carries nothing over any more, and has the note in the index set back, so that the next
///   process to carry the log over begins at its start.
/// - A process that ends soon, such as a command, carries nothing over while another process has the file open: that one may
///   know of a sync that failed. When it is alone, or the last to close the file, it keeps all others out meanwhile.
///
/// Belongs to the writer's thread.
final class SQLiteLogKeeper {
    /// Carry the log over when it has this many frames: 16 MiB.
    private static let dueFrames = 4_096

    private let connection: SQLiteConnection
    private let place: SQLiteFilePlace
    private let troubles: SQLiteTroubles
    /// `nil` in a process that carries over also beside others.
    private let neighbours: SQLiteNeighbours?
    /// Holds the pin. Made when it is needed first.
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

    /// Carries the log over when it is long enough.
    ///
    /// - Parameter endSnapshots: Ends what readers of this process keep of the log.
    func carryOverIfDue(_ endSnapshots: () -> Void) {
        guard connection.writeAheadLogFrames >= nextFrames, !hasSyncFailed, place.look() else { return }
        guard let neighbours else { return carryOver(endSnapshots) }
        if !neighbours.whileAlone({ carryOver(endSnapshots) }) { postpone() }
    }

    /// Decides what becomes of the log when the connection is closed. Without more ado, SQLite has the last connection that
    /// is closed, in whichever process, carry it over and delete it.
    func prepareToClose() {
        pin = nil
        // SQLite deletes the log by its name, which may be that of another database by now.
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
        // Another process still reads an old state, or the disk is full: some of the log has to stay. Not again at once.
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
        // What readers have begun meanwhile needs the log, and would keep the next commit from writing it from its start.
        endSnapshots()
    }

    private func postpone() { nextFrames = Self.dueFrames + connection.writeAheadLogFrames }
}
