/// A configuration file: `NAME=value` lines, empty lines, and comments that start with `#` at the start of a line.
///
/// A value may be in single or double quotation marks, which are removed. Variables are not expanded.
enum ConfigurationFile {
    struct Malformed: Error, Equatable {
        /// The line number, starting at 1.
        let line: Int
        let sentence: String
    }

    static func parse(_ text: String) throws(Malformed) -> [String: String] {
        var settings: [String: String] = [:]
        // Splits bytes, because "\r\n" is one Character.
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let line = trimmed(line)
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            guard let sign = line.firstIndex(of: UInt8(ascii: "=")) else {
                throw Malformed(line: index + 1, sentence: "expected NAME=value.")
            }
            let name = String(decoding: trimmed(line[..<sign]), as: UTF8.self)
            guard isName(name) else { throw Malformed(line: index + 1, sentence: "expected NAME=value.") }
            guard settings[name] == nil else {
                throw Malformed(line: index + 1, sentence: "\(name) is set more than once.")
            }
            guard let value = unquoted(trimmed(line[line.index(after: sign)...])) else {
                throw Malformed(line: index + 1, sentence: "a quotation mark is not closed.")
            }
            settings[name] = value
        }
        return settings
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
            }
    }

    private static func unquoted(_ value: Substring.UTF8View) -> String? {
        guard let quote = value.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            return String(decoding: value, as: UTF8.self)
        }
        guard value.count >= 2, value.last == quote else { return nil }
        return String(decoding: value.dropFirst().dropLast(), as: UTF8.self)
    }

    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
