import Synchronization
package import TesseraHosting

/// A log that can be read.
package final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    package init() {}

    /// The lines so far, each with its level in front.
    package var all: [String] { lines.withLock { $0 } }
    /// Writes to these lines.
    package var log: Log {
        Log(level: .info) { level, line in self.lines.withLock { $0.append("\(level) \(line)") } }
    }
}
