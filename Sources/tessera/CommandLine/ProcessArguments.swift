import Glibc

/// What the process was started with, behind the name of the program.
enum ProcessArguments {
    /// Each argument; what is not UTF-8 in one is replaced, as in `CommandLine.arguments`.
    ///
    /// The runtime looks for the arguments in front of the environment, and finds none once a preloaded library has added
    /// to that and so moved it. Then the system is asked.
    static var all: [String] {
        let arguments = CommandLine.arguments.isEmpty ? fromSystem : CommandLine.arguments
        return Array(arguments.dropFirst())
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
