import TesseraCore
import TesseraJSON
import TesseraTime

/// One line of a log in JSON: an object with `time`, `level`, `message`, and what else is known, each fact a member.
///
/// Every string passes here, and leaves behind what could be a token and what a terminal or a reader of lines acts on.
package struct LogObject: ~Copyable {
    private var members = JSONWriter()

    init(_ message: String, _ level: Log.Level, at now: NumericDate) {
        members.member("time", now.rfc3339)
        members.member("level", level.rawValue)
        member("message", message)
    }

    package mutating func member(_ name: StaticString, _ text: String) {
        members.member(name, Self.harmless(text))
    }

    package mutating func member(_ name: StaticString, _ number: Int?) { members.member(name, number) }

    package mutating func member(_ name: StaticString, _ texts: [String]) {
        members.member(name, texts.map(Self.harmless))
    }

    /// The object and a line end, as UTF-8.
    var line: [UInt8] {
        members.withBytes { [UInt8(ascii: "{")] + $0 + [UInt8(ascii: "}"), UInt8(ascii: "\n")] }
    }

    /// JSON escapes the control characters of ASCII below the space; the others are replaced.
    private static func harmless(_ text: String) -> String {
        let text = Redaction.redact(text)
        guard text.unicodeScalars.contains(where: isActedOn) else { return text }
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { kept.append(isActedOn(scalar) ? "?" : scalar) }
        return String(kept)
    }

    /// DEL, the control characters of Latin-1, and the two line ends that only Unicode knows.
    private static func isActedOn(_ scalar: Unicode.Scalar) -> Bool {
        (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
    }
}
