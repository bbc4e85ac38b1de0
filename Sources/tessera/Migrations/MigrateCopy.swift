import Glibc
import Synchronization
import TesseraCore
import TesseraJSON
import TesseraPostgres
import TesseraSQLite
import TesseraStores

/// `tessera migrate copy`
enum MigrateCopy {
    private static let source = Parameter.required(
        "--from", .database, "The SQLite file to copy: sqlite:PATH. It is not changed.")
    private static let target = Parameter.required(
        "--to", .database, "The PostgreSQL database to copy into. It must be migrated and empty.")

    static let command = Command(
        "copy", "Copy all data from a SQLite file to PostgreSQL.",
        details: """
            Identifiers and digests stay the same, so that all tokens, passwords and sessions remain valid. Stop the server \
            first; the source is locked against changes. To resume an interrupted copy, give the same command \
            again. At the end, the rows of both databases are counted and compared.
            """,
        parameters: [source, target, CommonParameters.json, CommonParameters.configuration],
        examples: [
            "tessera migrate up --database postgres://tessera@db.example/tessera",
            "tessera migrate copy --from sqlite:tessera.db --to postgres://tessera@db.example/tessera",
        ],
        database: .none
    ) { invocation in
        guard case .sqlite(let path) = invocation[source] else {
            throw UsageError("--from must be a SQLite file: sqlite:PATH.")
        }
        guard case .postgres(let url) = invocation[target] else {
            throw UsageError("--to must be a PostgreSQL database: postgres://USER@HOST:PORT/DATABASE.")
        }
        // Opening it would create an empty database.
        guard access(path, F_OK) == 0 else { throw Failure("\(path): no such file.") }
        // The copy supports exactly one version of each schema.
        let file = try SQLiteDatabase.open(
            invocation[source], options: .init(leavesLogToOthers: true))
        defer { file.close() }
        let migrations = try Migrator.tessera.status(file)
        guard migrations.allSatisfy(\.isApplied) else {
            throw Failure("\(path) has pending migrations. Apply them with ‘tessera migrate up’.")
        }
        try migrations.requireAllKnown()
        try await SQLiteStore(database: file).settleAddresses()
        // A batch takes longer than the time limit of a request.
        let options = PostgresDatabase.Options(
            connectionCount: 1, requestTimeout: .seconds(120), statementTimeout: .seconds(100))
        let store = try await PostgresStore.open(url, migrate: false, options: options)
        defer { store.close() }
        try await Migrator.tesseraOnPostgres.status(store.database).requireAllKnown()
        let progress = RowProgress(invocation.console)
        let copy = DatabaseCopy(from: path, to: store.database) { progress.report($0) }
        show(try await copy.run(), invocation)
    }

    private static func show(_ tables: [DatabaseCopy.Table], _ invocation: Invocation) {
        if invocation[CommonParameters.json] {
            invocation.console.printJSON { json in
                json.array { json in
                    for table in tables {
                        json.object { json in
                            json.member("table", table.name)
                            json.member("rows", table.digest.rows)
                            json.member("digest", table.digest.text)
                        }
                    }
                }
            }
        } else {
            let rows = tables.map { [$0.name, String($0.digest.rows), $0.digest.text] }
            invocation.console.print("\(Table(["TABLE", "ROWS", "DIGEST OF BOTH"], rows))")
        }
    }
}

/// The progress of a copy of rows: a line every few seconds.
private final class RowProgress: Sendable {
    private static let interval = Duration.seconds(3)

    private let console: Console
    private let lastLine = Mutex(ContinuousClock.now)

    init(_ console: Console) { self.console = console }

    func report(_ progress: DatabaseCopy.Progress) {
        let isDue = lastLine.withLock { last in
            guard .now - last >= Self.interval else { return false }
            last = .now
            return true
        }
        guard isDue else { return }
        switch progress {
        case .copied(let table, let rows): console.note("\(table): \(rows) rows copied")
        case .compared(let table, let rows): console.note("\(table): \(rows) rows compared")
        }
    }
}
