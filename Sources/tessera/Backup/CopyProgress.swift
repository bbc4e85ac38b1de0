import TesseraSQLite
import TesseraStores

/// The progress of a long copy: a line every few seconds, and none for a copy that ends at once.
struct CopyProgress {
    private static let interval = Duration.seconds(3)

    private let console: Console
    private var lastLine = ContinuousClock.now

    init(_ console: Console) { self.console = console }

    mutating func report(_ progress: SQLiteBackup.Progress) {
        guard progress.total > 0, .now - lastLine >= Self.interval else { return }
        lastLine = .now
        console.note("\(progress.copied * 100 / progress.total) % of \(ByteCount(progress.total))")
    }
}

/// A number of bytes in a readable unit, such as `4.2 MB`.
struct ByteCount: CustomStringConvertible {
    let count: Int

    init(_ count: Int) { self.count = count }

    var description: String {
        var (value, unit) = (Double(count), "bytes")
        for larger in ["kB", "MB", "GB", "TB"] where value >= 1_000 {
            (value, unit) = (value / 1_000, larger)
        }
        guard unit != "bytes" else { return "\(count) bytes" }
        return "\((value * 10).rounded() / 10) \(unit)"
    }
}

extension DatabaseURL {
    /// The path of the database file.
    ///
    /// - Throws: ``Failure`` for a server, which has its own tools, and for a database in memory, which other processes
    ///   cannot access.
    var file: String {
        get throws(Failure) {
            switch self {
            case .sqlite(let path): return path
            case .sqliteInMemory:
                throw Failure("\(self) is not a file, so there is nothing to copy.")
            case .postgres:
                throw Failure(
                    "\(self) is not a file. Copy a PostgreSQL database with pg_dump, and restore it with pg_restore."
                )
            }
        }
    }
}
