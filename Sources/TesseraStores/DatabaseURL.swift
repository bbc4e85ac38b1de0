/// Where things are kept, as `--database` and `TESSERA_DATABASE` name it.
public enum DatabaseURL: Sendable, Hashable {
    /// `sqlite:PATH`: a file, made when it is not there.
    case sqlite(path: String)
    /// `sqlite::memory:`: nothing stays after the process.
    case sqliteInMemory
    /// `postgres://USER@HOST:PORT/DATABASE`, or `postgresql://…`: a server.
    case postgres(PostgresURL)

    /// Reads a URL as an operator has typed it.
    ///
    /// - Throws: ``Invalid`` with a sentence for the operator, which never repeats the text: it may hold a password.
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
        public let sentence: String
        public var description: String { sentence }
    }
}

/// As it was given, without a password.
extension DatabaseURL: CustomStringConvertible {
    public var description: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .sqliteInMemory: "sqlite::memory:"
        case .postgres(let url): url.description
        }
    }
}
