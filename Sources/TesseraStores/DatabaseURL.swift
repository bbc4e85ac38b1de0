public import TesseraDatabase
public import TesseraPostgres
public import TesseraSQLite

/// The place of a database, in the form of `--database` and `TESSERA_DATABASE`.
public enum DatabaseURL: Sendable, Hashable {
    /// `sqlite:PATH`: a file, which is created if it does not exist.
    case sqlite(path: String)
    /// `sqlite::memory:`: a database in memory, which ends with the process.
    case sqliteInMemory
    /// `postgres://USER@HOST:PORT/DATABASE`, or `postgresql://…`: a server.
    case postgres(PostgresURL)

    /// Reads a URL that an operator has typed.
    ///
    /// - Throws: ``Invalid`` with a sentence for the operator. It never repeats the text, which may contain a password.
    public init(_ text: String) throws(Invalid) {
        if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = .postgres(try PostgresURL(text))
            return
        }
        guard text.hasPrefix("sqlite:") else {
            throw Invalid(
                sentence: "A database is named as sqlite:PATH or postgres://USER@HOST:PORT/DATABASE.")
        }
        let path = String(text.dropFirst("sqlite:".count))
        if path == ":memory:" {
            self = .sqliteInMemory
        } else if path.isEmpty || path.utf8.contains(0) {
            throw Invalid(sentence: "The path of the database is missing: sqlite:PATH.")
        } else {
            self = .sqlite(path: path)
        }
    }

    /// The error for a text that names no database.
    public typealias Invalid = InvalidDatabaseURL
}

extension SQLiteDatabase {
    /// Opens the database that the URL names, which must be a SQLite database.
    public static func open(
        _ url: DatabaseURL, options: Options = Options()
    ) throws(StoreError) -> SQLiteDatabase {
        switch url {
        case .sqlite(let path): try SQLiteDatabase(path: path, options: options)
        case .sqliteInMemory: try inMemory()
        case .postgres:
            throw StoreError(.unavailable, "Only a SQLite database will do here: sqlite:PATH.")
        }
    }
}

extension SQLiteStore {
    /// Opens the database that the URL names, which must be a SQLite database.
    public static func open(_ url: DatabaseURL, migrate: Bool) async throws(StoreError) -> SQLiteStore {
        try await open(try .open(url), migrate: migrate)
    }
}

/// The URL without its password.
extension DatabaseURL: CustomStringConvertible {
    public var description: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .sqliteInMemory: "sqlite::memory:"
        case .postgres(let url): url.description
        }
    }
}
