import Synchronization

@testable import TesseraServer

/// A log that can be read.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }
    var log: Log {
        Log(level: .info) { level, line in self.lines.withLock { $0.append("\(level) \(line)") } }
    }
}
