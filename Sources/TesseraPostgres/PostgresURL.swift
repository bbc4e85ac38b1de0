import TesseraCPostgres
public import TesseraDatabase

/// Where a PostgreSQL server is: a URL that libpq reads, with everything that libpq knows (`sslmode`, several hosts,
/// `passfile` …). May hold a password, and describes itself without it.
public struct PostgresURL: Sendable, Hashable {
    /// The URL as it was given.
    let text: String
    /// The password in it, so that it can be kept out of what libpq says.
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

    /// What libpq finds in it; `nil` when it finds fault.
    private static func parse(_ text: String) -> [String: String]? {
        // Without the library nobody gets further than this: whoever opens the database is told what is missing.
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
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
