import Testing

@testable import TesseraHTTP

@Suite struct FieldScannerTests {
    private static func parameters(_ count: Int) -> String {
        "text/html" + (0..<count).map { ";p\($0)=v" }.joined()
    }

    @Test func anElementHasABoundedNumberOfParameters() {
        #expect(MediaType(Self.parameters(FieldScanner.maximumParameters))?.parameters.count == 32)
        #expect(MediaType(Self.parameters(FieldScanner.maximumParameters + 1)) == nil)
        // A field that is too long to read counts as absent.
        let accept = Accept(parsing: [Self.parameters(2_800) + ";q=0, application/json"])
        #expect(accept.choose(from: .html) == .html)
        #expect(
            Accept(parsing: ["text/html" + String(repeating: ";", count: 1_000) + "q=0"]).choose(from: .html)
                == nil)
    }

    @Test func aListHasABoundedNumberOfElements() {
        func read(_ count: Int) -> Int? {
            var scanner = FieldScanner(Array(repeating: "a", count: count).joined(separator: " ,"))
            return scanner.list { $0.token() }?.count
        }
        #expect(read(0) == 0)
        #expect(read(FieldScanner.maximumElements) == 64)
        #expect(read(FieldScanner.maximumElements + 1) == nil)
        var empty = FieldScanner(String(repeating: ", ", count: 5_000) + "a")
        #expect(empty.list { $0.token() } == ["a"])
    }

    /// A reader of a field value, and a costly value of about this many bytes.
    private static let readers:
        [(name: String, value: @Sendable (Int) -> String, read: @Sendable (String) -> Void)] = [
            ("Accept, parameters", { repeated(";p", "=v", $0, after: "a/b") }, { _ = accept($0) }),
            (
                "Accept, one parameter's value", { "a/b;c=\"" + repeated("\\x", "", $0) + "\"" },
                { _ = accept($0) }
            ),
            ("Accept, ranges", { repeated("a/b;q=0.1,", "", $0) }, { _ = accept($0) }),
            ("Accept, nothing", { repeated(", \t", "", $0) }, { _ = accept($0) }),
            ("Content-Type", { repeated(";p", "=v", $0, after: "a/b") }, { _ = MediaType($0) }),
            ("Content-Type, nothing", { repeated("; ", "", $0, after: "a/b") }, { _ = MediaType($0) }),
            (
                "Content-Encoding", { repeated("identity, ", "", $0) },
                {
                    _ = try? request(.contentEncoding, $0).requireMediaType(.json)
                }
            ),
            ("Cookie", { repeated("a", "=b; ", $0) }, { _ = Cookies(parsing: [$0]).single("c") }),
            ("Cookie, spaces", { repeated(" ", "", $0) + ";" }, { _ = Cookies(parsing: [$0]).single("c") }),
            (
                "If-None-Match", { repeated("\"a\",", "", $0) },
                {
                    _ = request(.ifNoneMatch, $0).hasCopy(of: EntityTag("a")!)
                }
            ),
            (
                "If-None-Match, one", { "\"" + repeated("a", "", $0) + "\"" },
                {
                    _ = request(.ifNoneMatch, $0).hasCopy(of: EntityTag("a")!)
                }
            ),
            ("Origin", { "https://" + repeated("a.", "", $0) }, { _ = Origin($0) }),
            ("Connection", { repeated("a, ", "", $0) }, { serve("Connection: \($0)") }),
            ("Host", { repeated("a", "", $0) }, { serve("X: y\r\nHost: \($0)") }),
            ("Expect", { repeated("100-continue,", "", $0) }, { serve("Expect: \($0)") }),
            ("Transfer-Encoding", { repeated("chunked,", "", $0) }, { serve("Transfer-Encoding: \($0)") }),
            ("Content-Length", { repeated("1", "", $0) }, { serve("Content-Length: \($0)") }),
            ("a refused request", { repeated("a", "", $0) }, { serve("Origin: \($0)\r\nContent-Length: x") }),
        ]

    private static func repeated(_ text: String, _ end: String, _ bytes: Int, after start: String = "")
        -> String
    {
        var value = start
        var number = 0
        while value.utf8.count < bytes {
            value += end.isEmpty ? text : "\(text)\(number)\(end)"
            number += 1
        }
        return value
    }

    private static func accept(_ value: String) -> MediaType? {
        Accept(parsing: [value]).choose(from: .json, .html)
    }

    private static func request(_ name: FieldName, _ value: String) -> Request {
        Request(.post, "/", fields: [.contentType: "application/json", name: value])
    }

    private static func serve(_ lines: String) {
        var driver = ConnectionDriver()
        driver.feed("GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n\r\n")
    }

    /// The shortest of several times, because other work on the machine only makes them longer.
    private static func time(_ work: () -> Void) -> Duration {
        (0..<9).map { _ in ContinuousClock().measure(work) }.min() ?? .zero
    }

    @Test("A field value of ten times the length takes about ten times as long", arguments: readers.indices)
    func timeGrowsWithTheLength(_ index: Int) {
        let (name, value, read) = Self.readers[index]
        let (short, long) = (value(1_500), value(15_000))
        let (few, many) = (Self.time { read(short) }, Self.time { read(long) })
        // A comparison of each element with all others would take a hundred times as long.
        #expect(many < max(few, .microseconds(20)) * 40, "\(name): \(few), \(many)")
    }
}
