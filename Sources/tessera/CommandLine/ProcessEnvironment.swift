import Glibc

/// The environment of the process.
enum ProcessEnvironment {
    /// The variables by name. If a name is repeated, the first one counts, as in `getenv`.
    static var variables: [String: String] {
        var variables: [String: String] = [:]
        var entry: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = environ
        while let text = entry.pointee {
            let pair = String(cString: text).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2, variables[String(pair[0])] == nil {
                variables[String(pair[0])] = String(pair[1])
            }
            entry += 1
        }
        return variables
    }

    /// Keeps libdispatch from writing to standard error, where messages and the log appear. Without root privileges, it
    /// complains about each thread whose priority it cannot raise. Call it before any thread exists.
    static func silenceDispatch() {
        setenv("LIBDISPATCH_LOG", "NO", 0)
    }
}
