import TesseraCrypto

/// One step of a schema: SQL that makes it and SQL that takes it back.
public struct Migration: Sendable {
    /// Its place in the order of its set; from 1 on, ascending.
    public let version: Int
    /// What it is about, in a word or a few.
    public let name: String
    let up: String
    let down: String

    /// - Parameters:
    ///   - up: Statements, run in one transaction. Must not be changed once it has been applied anywhere: make another.
    ///   - down: Statements that undo them.
    public init(version: Int, name: String, up: String, down: String) {
        self.version = version
        self.name = name
        self.up = up
        self.down = down
    }

    /// The same with the bytes of embedded files.
    public init(version: Int, name: String, up: [UInt8], down: [UInt8]) {
        self.init(
            version: version, name: name, up: String(decoding: up, as: UTF8.self),
            down: String(decoding: down, as: UTF8.self))
    }

    /// SHA-256 of `up`, by which an edited migration is noticed.
    var checksum: SHA256Digest { SHA256.digest(of: up) }
}
