/// Where lines for operators go. What is logged never holds a credential.
public struct Log: Sendable {
    /// How urgent a line is, the least urgent first.
    public enum Level: String, Sendable, Comparable, CaseIterable {
        case debug, info, warning, error

        public static func < (left: Level, right: Level) -> Bool {
            let order = allCases
            return order.firstIndex(of: left)! < order.firstIndex(of: right)!
        }
    }

    /// Lines below this level are dropped.
    public let level: Level
    private let sink: @Sendable (Level, String) -> Void

    public init(level: Level, sink: @escaping @Sendable (Level, String) -> Void) {
        self.level = level
        self.sink = sink
    }

    public static let silent = Log(level: .error) { _, _ in }

    public func info(_ line: @autoclosure () -> String) { write(.info, line) }
    public func warning(_ line: @autoclosure () -> String) { write(.warning, line) }
    public func error(_ line: @autoclosure () -> String) { write(.error, line) }

    /// Whether lines of this level are written.
    public func writes(_ level: Level) -> Bool { level >= self.level }

    private func write(_ level: Level, _ line: () -> String) {
        if writes(level) { sink(level, line()) }
    }
}
