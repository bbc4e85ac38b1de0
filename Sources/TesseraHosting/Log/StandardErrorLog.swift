import Glibc
public import TesseraCore
import TesseraTime

extension Log {
    /// One line each on standard error; as text: the instant, the level, and what there is to say.
    ///
    /// What could be a token is left out, wherever it stands: people put tokens into paths, where they do not belong.
    public static func standardError(
        level: Level, format: Format = .text, clock: WallClock = .system
    ) -> Log {
        switch format {
        case .text:
            Log(level: level) { level, text in
                var line = Array("\(clock.now.rfc3339) \(level.rawValue) ".utf8)
                // A line end or an escape sequence in a text must not look like a line of its own.
                line += Redaction.redact(text).utf8.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }
                line.append(UInt8(ascii: "\n"))
                writeToStandardError(line)
            }
        case .json: Log(level: level, clock: clock, objects: writeToStandardError)
        }
    }

    /// One write, so that lines of several threads do not mix. Nobody can be told when it fails.
    @Sendable private static func writeToStandardError(_ line: [UInt8]) {
        line.withUnsafeBytes { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
