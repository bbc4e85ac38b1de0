import Glibc
public import TesseraTime

/// The time zone database of this machine (Debian's package tzdata).
public enum TimeZoneFiles {
    private static let directory = "/usr/share/zoneinfo"
    /// The largest file of the database has less than four kilobytes.
    private static let longest = 65_536

    /// The rules of a zone, by its name in the IANA database, such as `Europe/Berlin`.
    ///
    /// - Parameter name: As it came from outside.
    /// - Returns: nil for a text that is no such name, and for a zone that this machine does not know.
    public static func rules(of name: String) -> TimeZoneRules? {
        guard isName(name) else { return nil }
        return read("\(directory)/\(name)").flatMap { TimeZoneRules(tzif: $0) }
    }

    /// Whether a text is made as names of zones are: up to three words of letters, digits, `+`, `-` and `_`, each of which
    /// begins with a letter. So it leads to no other directory.
    static func isName(_ text: String) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
        let words = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return text.utf8.count <= 64 && words.count <= 3
            && words.allSatisfy { word in
                (word.first.map(isLetter) ?? false)
                    && word.allSatisfy { byte in
                        isLetter(byte) || (0x30...0x39).contains(byte)
                            || [0x2B, 0x2D, 0x5F].contains(byte)
                    }
            }
    }

    /// The bytes of a plain file; nil where there is none, or one that is larger than those of the database are.
    private static func read(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG,
            (1...Int64(longest)).contains(Int64(facts.st_size))
        else { return nil }
        var bytes: [UInt8] = []
        while bytes.count < longest {
            let part = [UInt8](unsafeUninitializedCapacity: 8_192) { buffer, count in
                count = max(0, Glibc.read(file, buffer.baseAddress, buffer.count))
            }
            if part.isEmpty { break }
            bytes += part
        }
        return bytes
    }
}
