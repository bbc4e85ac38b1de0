import Glibc

/// A new directory, which is removed with its files when the object is deallocated.
public final class TemporaryDirectory: Sendable {
    private let path: String

    /// The directory or a file could not be created.
    public struct Unavailable: Error {}

    /// Creates an empty directory below `/tmp`.
    public init() throws {
        var template = Array("/tmp/tessera-stores-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Unavailable() }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The path of a file in the directory.
    public func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file with these bytes.
    public func write(_ bytes: [UInt8], to name: String) throws {
        guard let file = fopen(path(name), "w") else { throw Unavailable() }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Unavailable() }
    }

    deinit {
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != "." && name != ".." { unlink(self.path(name)) }
            }
            closedir(directory)
        }
        rmdir(path)
    }
}
