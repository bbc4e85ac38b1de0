import Glibc

/// The environment that the process was started with.
enum ProcessEnvironment {
    /// By name; of two of a name the first counts, as for `getenv`.
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

    /// Keeps libdispatch from writing to standard error, where results of commands and the log stand. To anybody but root
    /// it complains of each thread whose priority it may not raise. Has to be called before there is one.
    static func silenceDispatch() {
        setenv("LIBDISPATCH_LOG", "NO", 0)
    }
}
