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

    /// A text that names no database.
    public struct Invalid: Error, Sendable, CustomStringConvertible {
        /// The reason, for the operator.
        public let sentence: String
        public var description: String { sentence }
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
