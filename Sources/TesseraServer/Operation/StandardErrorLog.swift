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
            append(text, to: &line)
            line.append(UInt8(ascii: "\n"))
            // One write, so that lines of several threads do not mix. Nobody can be told when it fails.
            line.withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }
    }

    /// The longest run of letters, digits and `_` that is no secret: an identifier in hexadecimal has 32.
    private static let longestWord = 40

    private static func append(_ text: String, to line: inout [UInt8]) {
        var wordStart = line.count
        for byte in text.utf8 {
            let isWordByte =
                byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_")
            if !isWordByte {
                redact(&line, from: wordStart)
                // A line end or an escape sequence in a text must not look like a line of its own.
                line.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: "?") : byte)
                wordStart = line.count
            } else {
                line.append(byte)
            }
        }
        redact(&line, from: wordStart)
    }

    private static func redact(_ line: inout [UInt8], from start: Int) {
        guard line.count - start > longestWord else { return }
        line.replaceSubrange(start..., with: "<redacted>".utf8)
    }
}
