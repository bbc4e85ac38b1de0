import Glibc

/// Files and standard input as text.
enum TextFile {
    /// The largest accepted size in bytes.
    private static let longest = 1 << 20

    /// Reads a file of UTF-8 text.
    ///
    /// - Throws: ``Failure`` if the file cannot be read, is too long, or is not UTF-8.
    static func read(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure("cannot read \(path): \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        return try read(descriptor, name: path)
    }

    /// Reads standard input to its end.
    static func readStandardInput() throws -> String {
        try read(STDIN_FILENO, name: "standard input")
    }

    private static func read(_ descriptor: Int32, name: String) throws -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw Failure("cannot read \(name): \(String(cString: strerror(errno))).")
            }
            guard count > 0 else { break }
            bytes += buffer[..<count]
            guard bytes.count <= longest else { throw Failure("\(name) is too long.") }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure("\(name) is not UTF-8 text.")
        }
        return text
    }
}
