import Glibc
public import TesseraCore
import TesseraJOSE

extension Log {
    /// One line each on standard error: the instant, the level, the text.
    ///
    /// What could be a token is left out, wherever it stands: people put tokens into paths, where they do not belong.
    public static func standardError(level: Level, clock: WallClock = .system) -> Log {
        Log(level: level) { level, text in
            var line = Array("\(clock.now.rfc3339) \(level.rawValue) ".utf8)
            // A line end or an escape sequence in a text must not look like a line of its own.
            line += Redaction.redact(text).utf8.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }
            line.append(UInt8(ascii: "\n"))
            // One write, so that lines of several threads do not mix. Nobody can be told when it fails.
            line.withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }
    }
}
