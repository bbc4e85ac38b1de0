import Glibc

/// The arguments of the process, after the name of the program.
enum ProcessArguments {
    /// The arguments; invalid UTF-8 is replaced, as in `CommandLine.arguments`.
    ///
    /// The runtime expects the arguments before the environment in memory. It finds none if a preloaded library has
    /// extended, and so moved, the environment. In this case they are read from the system.
    static var all: [String] {
        let arguments = CommandLine.arguments.isEmpty ? fromSystem : CommandLine.arguments
        return Array(arguments.dropFirst())
    }

    /// Overwrites passwords in URLs, so that the process list does not show them. Call it after the arguments have been
    /// read.
    ///
    /// The system shows the memory in which it passed the arguments, and tells its address.
    static func hidePasswords() {
        guard let file = fopen("/proc/self/stat", "re") else { return }
        defer { fclose(file) }
        var text: [UInt8] = []
        while case let byte = fgetc(file), byte != EOF { text.append(UInt8(truncatingIfNeeded: byte)) }
        // The name of the program, in parentheses, may contain any character; the fields from the third on follow it.
        guard let end = text.lastIndex(of: UInt8(ascii: ")")) else { return }
        let fields = text[(end + 1)...].split(separator: UInt8(ascii: " "))
            .map { String(decoding: $0, as: UTF8.self) }
        guard fields.count > 46, let first = UInt(fields[45]), let last = UInt(fields[46]), first < last,
            let start = UnsafeMutablePointer<UInt8>(bitPattern: first)
        else { return }
        let arguments = UnsafeMutableBufferPointer(start: start, count: Int(last - first))
        for place in passwords(in: Array(arguments)) {
            for index in place { arguments[index] = UInt8(ascii: "x") }
        }
    }

    /// The positions of passwords: in `postgres://USER:PASSWORD@…`, and after `password=` in the parameters of such a
    /// URL.
    static func passwords(in arguments: [UInt8]) -> [Range<Int>] {
        var places: [Range<Int>] = []
        // Each argument ends with a zero byte.
        for argument in arguments.split(separator: 0) {
            guard let scheme = argument.firstRange(of: Array("://".utf8)),
                argument[..<scheme.lowerBound].ends(with: "postgres")
                    || argument[..<scheme.lowerBound].ends(with: "postgresql")
            else { continue }
            let rest = argument[scheme.upperBound...]
            if let at = rest.lastIndex(of: UInt8(ascii: "@")),
                let colon = rest[..<at].firstIndex(of: UInt8(ascii: ":"))
            {
                places.append(colon + 1..<at)
            }
            if let parameter = rest.firstRange(of: Array("password=".utf8)) {
                let value = rest[parameter.upperBound...]
                places.append(
                    value.startIndex..<(value.firstIndex(of: UInt8(ascii: "&")) ?? value.endIndex))
            }
        }
        return places
    }

    private static var fromSystem: [String] {
        guard let file = fopen("/proc/self/cmdline", "re") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        // Each argument ends with a zero byte.
        return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

extension Collection<UInt8> where Self: BidirectionalCollection {
    fileprivate func ends(with text: String) -> Bool { reversed().starts(with: text.utf8.reversed()) }
}
