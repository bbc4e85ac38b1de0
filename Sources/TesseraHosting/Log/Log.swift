package import TesseraCore

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

    /// What a line looks like.
    public enum Format: String, Sendable, CaseIterable {
        /// A sentence, or words in a fixed order, for people.
        case text
        /// A JSON object, each fact a member, for programs.
        case json
    }

    private enum Sink: Sendable {
        case text(@Sendable (Level, String) -> Void)
        case objects(WallClock, @Sendable ([UInt8]) -> Void)
    }

    /// Lines below this level are dropped.
    public let level: Level
    private let sink: Sink

    /// A log of text.
    public init(level: Level, sink: @escaping @Sendable (Level, String) -> Void) {
        self.level = level
        self.sink = .text(sink)
    }

    /// A log of JSON objects; `sink` takes each as a line, its end included.
    package init(level: Level, clock: WallClock, objects sink: @escaping @Sendable ([UInt8]) -> Void) {
        self.level = level
        self.sink = .objects(clock, sink)
    }

    public static let silent = Log(level: .error) { _, _ in }

    public func info(_ line: @autoclosure () -> String) { write(.info, line) }
    public func warning(_ line: @autoclosure () -> String) { write(.warning, line) }
    public func error(_ line: @autoclosure () -> String) { write(.error, line) }

    /// Writes a line that consists of facts: as text all of them in `line`, as an object a short message and members.
    package func info(
        _ line: @autoclosure () -> String, as message: String, members: (inout LogObject) -> Void
    ) {
        guard writes(.info) else { return }
        switch sink {
        case .text(let sink): sink(.info, line())
        case .objects(let clock, let sink):
            var object = LogObject(message, .info, at: clock.now)
            members(&object)
            sink(object.line)
        }
    }

    /// Whether lines of this level are written.
    public func writes(_ level: Level) -> Bool { level >= self.level }

    private func write(_ level: Level, _ line: () -> String) {
        guard writes(level) else { return }
        switch sink {
        case .text(let sink): sink(level, line())
        case .objects(let clock, let sink): sink(LogObject(line(), level, at: clock.now).line)
        }
    }
}
