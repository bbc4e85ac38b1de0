import TesseraCrypto

/// One step of a schema: SQL that applies it and SQL that takes it back.
public struct Migration: Sendable {
    /// The number in the order of its set, from 1 on.
    public let version: Int
    /// The subject of the migration in a few words.
    public let name: String
    /// The newest migration that a program must know to work with the schema after this one; `nil` for this one itself. It is an
    /// older one where this one takes nothing away.
    let requires: Int?
    /// Indicates that the migration writes to `sqlite_schema`, against which SQLite is otherwise on its guard.
    let changesSchemaText: Bool
    let up: String
    let down: String

    /// - Parameters:
    ///   - requires: The newest migration that a program must know to keep working after this one; `nil` for this one. Nodes
    ///     of the previous version survive a migration that requires no more than they know.
    ///   - up: Statements, which run in one transaction. Never edit them once they were applied: write another migration.
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

    /// Makes a migration of the bytes of embedded files.
    public init(version: Int, name: String, requires: Int? = nil, up: [UInt8], down: [UInt8]) {
        self.init(
            version: version, name: name, requires: requires, up: String(decoding: up, as: UTF8.self),
            down: String(decoding: down, as: UTF8.self))
    }

    /// The SHA-256 digest of `up`, which reveals an edited migration.
    var checksum: SHA256Digest { SHA256.digest(of: up) }
}
