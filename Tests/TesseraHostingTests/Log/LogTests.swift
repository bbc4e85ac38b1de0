import Synchronization
import TesseraCore
import TesseraJSON
import TesseraTestKit
import TesseraTime
import Testing

@testable import TesseraHTTP
@testable import TesseraHosting

/// A log of JSON objects that can be read.
private final class Objects: Sendable {
    private let written = Mutex<[[UInt8]]>([])

    var log: Log {
        Log(level: .info, clock: WallClock { fixtureInstant }) { line in
            self.written.withLock { $0.append(line) }
        }
    }

    var lines: [String] { written.withLock { $0.map { String(decoding: $0, as: UTF8.self) } } }

    /// The only line, as the strict reader understands it.
    func object() throws -> JSONObject {
        let lines = written.withLock { $0 }
        try #require(lines.count == 1)
        try #require(lines[0].last == UInt8(ascii: "\n"))
        return try #require(JSONValue.parse(lines[0].dropLast()).object)
    }
}

@Suite struct LogTests {
    private static let token = "tcp_" + String(repeating: "a", count: 64)

    @Test func sentenceIsAMessage() {
        let objects = Objects()
        objects.log.warning("it \"works\" again")
        #expect(
            objects.lines == [
                #"{"time":"\#(fixtureInstant.rfc3339)","level":"warning","message":"it \"works\" again"}"#
                    + "\n"
            ])
    }

    @Test func lineBelowTheLevelIsNotEvenMade() {
        let silent = Log(level: .error, clock: WallClock { fixtureInstant }) { _ in Issue.record("written") }
        func line() -> String {
            Issue.record("made")
            return ""
        }
        silent.info(line())
        silent.info(line(), as: "request") { _ in Issue.record("made") }
        #expect(AccessLog(to: silent) == nil)
    }

    @Test(arguments: [
        "\u{0}", "\n", "\r\n", "\u{1B}[2J", "\u{7F}", "\u{85}", "\u{9B}2J", "\u{2028}", "\"", "\\",
        "\u{FFFD}",
    ])
    func nothingInAStringEndsOrDisturbsALine(_ text: String) throws {
        let objects = Objects()
        objects.log.error("before\(text)behind")
        let line = try #require(objects.lines.first)
        #expect(line.dropLast().unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
        #expect(!line.unicodeScalars.contains("\u{2028}"))
        let message = try #require(objects.object()["message"]?.string)
        #expect(message.hasPrefix("before") && message.hasSuffix("behind"))
    }

    @Test(arguments: ["", "/", "\n", "\u{0}", "é", "\\"])
    func tokenIsLeftOutWhereverItStands(before: String) throws {
        let objects = Objects()
        objects.log.info("text", as: "message \(before)\(Self.token)") { object in
            object.member("one", "\(before)\(Self.token)\(before)")
            object.member("many", [Self.token])
        }
        let line = try #require(objects.lines.first)
        #expect(!line.contains("aaaa"))
        #expect(line.components(of: "<redacted>") == 3)
        _ = try objects.object()
    }

    @Test func requestIsWrittenWithTheFactsOfTheText() throws {
        let objects = Objects()
        let entry = AccessLogEntry(
            method: .get, path: "/a b\n\u{1B}\"é", status: .ok, duration: .microseconds(1_500), bodySize: nil,
            peer: .ipv4(0x7F00_0001, port: 5000), id: RequestID(value: 0xAB))
        objects.log.info(entry.description, as: "request") { $0.members(of: entry) }
        let time = fixtureInstant.rfc3339
        #expect(
            objects.lines == [
                #"{"time":"\#(time)","level":"info","message":"request","address":"127.0.0.1","method":"GET","#
                    + #""path":"/a%20b%0A%1B%22%C3%A9","status":200,"duration_us":1500,"bytes":null,"#
                    + #""request_id":"00000000000000ab"}"# + "\n"
            ])
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { self.ranges(of: part).count }
}
