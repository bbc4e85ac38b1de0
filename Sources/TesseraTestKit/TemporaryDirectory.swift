import Glibc

/// A new directory that goes with the object, with the files in it.
public final class TemporaryDirectory: Sendable {
    private let path: String

    public struct Unavailable: Error {}

    public init() throws {
        var template = Array("/tmp/tessera-stores-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Unavailable() }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The path of a file in it.
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
