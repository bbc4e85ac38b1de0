import TesseraCPostgres
public import TesseraDatabase

/// The URL of a PostgreSQL server in the format of libpq, with all its parameters (`sslmode`, several hosts, `passfile` …).
/// It may contain a password, which its description omits.
public struct PostgresURL: Sendable, Hashable {
    /// The URL as it was given.
    let text: String
    /// The password in the URL, to remove it from messages of libpq.
    let password: String?
    /// The name of the database; empty when the URL leaves it to libpq.
    public let database: String
    /// The URL without user, password and parameters.
    public let description: String

    /// - Throws: ``DatabaseURL/Invalid``, which never repeats the text.
    public init(_ text: String) throws(InvalidDatabaseURL) {
        guard !text.utf8.contains(0), let parts = Self.parse(text) else { throw Self.invalid }
        let host = parts["host"] ?? ""
        let port = parts["port"] ?? ""
        database = parts["dbname"] ?? ""
        // A password with a character that means something in a URL ends up in these places, and from there in messages.
        guard !(host + database + (parts["user"] ?? "")).utf8.contains(UInt8(ascii: "@")),
            port.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ",") })
        else { throw Self.invalid }
        self.text = text
        password = parts["password"]
        description = "postgres://\(host)\(port.isEmpty ? "" : ":\(port)")/\(database)"
    }

    private static let invalid = InvalidDatabaseURL(
        sentence:
            "A PostgreSQL database is named as postgres://USER@HOST:PORT/DATABASE; characters such as @ : / ? # % in a password are percent-encoded, or the password stands in the file that PGPASSFILE names."
    )

    /// The parts of the URL as libpq reads them; `nil` when the URL is invalid.
    private static func parse(_ text: String) -> [String: String]? {
        // Without the library, opening the database fails with an error that names it.
        guard let libpq = PostgresLibrary.shared else { return [:] }
        // The message is not looked at: it would repeat the text.
        guard let options = libpq.conninfoParse(text, nil) else { return nil }
        defer { libpq.conninfoFree(options) }
        var parts: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parts[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return parts
    }
}

extension PostgresURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The URL without user, password and parameters.
    public var debugDescription: String { description }
    /// A mirror without children, so that a dump does not show the password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
