import TesseraCrypto

/// One step of a schema: SQL that makes it and SQL that takes it back.
public struct Migration: Sendable {
    /// Its place in the order of its set; from 1 on, ascending.
    public let version: Int
    /// What it is about, in a word or a few.
    public let name: String
    /// The newest migration that a program must know to work with the schema that this one makes, where older programs get
    /// along with it because it takes nothing away; `nil` for itself.
    let requires: Int?
    /// Indicates that the migration writes to `sqlite_schema`, against which SQLite is otherwise on its guard.
    let changesSchemaText: Bool
    let up: String
    let down: String

    /// - Parameters:
    ///   - requires: The newest migration that a program must know to go on working once this one is applied; `nil` for
    ///     this one. Nodes of the version before survive a migration that requires no more than they know.
    ///   - up: Statements, run in one transaction. Must not be changed once it has been applied anywhere: make another.
    ///   - down: Statements that undo them.
    public init(version: Int, name: String, requires: Int? = nil, up: String, down: String) {
        self.init(
            version: version, name: name, requires: requires, changesSchemaText: false, up: up, down: down)
    }

    init(
        version: Int, name: String, requires: Int? = nil, changesSchemaText: Bool, up: [UInt8], down: [UInt8]
    ) {
        self.init(
            version: version, name: name, requires: requires, changesSchemaText: changesSchemaText,
            up: String(decoding: up, as: UTF8.self), down: String(decoding: down, as: UTF8.self))
    }

    private init(
        version: Int, name: String, requires: Int?, changesSchemaText: Bool, up: String, down: String
    ) {
        precondition(requires ?? version <= version, "migration \(version) requires one that comes after it")
        self.version = version
        self.name = name
        self.requires = requires
        self.changesSchemaText = changesSchemaText
        self.up = up
        self.down = down
    }

    /// The same with the bytes of embedded files.
    public init(version: Int, name: String, requires: Int? = nil, up: [UInt8], down: [UInt8]) {
        self.init(
            version: version, name: name, requires: requires, up: String(decoding: up, as: UTF8.self),
            down: String(decoding: down, as: UTF8.self))
    }

    /// SHA-256 of `up`, by which an edited migration is noticed.
    var checksum: SHA256Digest { SHA256.digest(of: up) }
}
