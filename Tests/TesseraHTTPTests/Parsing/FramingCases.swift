import Testing

/// A message that must be refused, with the required answer.
struct FramingCase: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let status: Int

    var testDescription: String { name }

    init(_ name: String, _ text: String) {
        self.init(name, 400, text)
    }

    init(_ name: String, _ status: Int, _ text: String) {
        self.init(name, status, bytes: Array(text.utf8))
    }

    init(_ name: String, _ status: Int = 400, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        self.status = status
    }

    /// The request that follows each case on the wire. It must never be served.
    static let smuggled = Array("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n".utf8)

    /// A request with one additional header line, or one in place of `Host`.
    private static func header(
        _ name: String, _ lines: String, status: Int = 400, host: String = "Host: a\r\n"
    ) -> Self {
        FramingCase(name, status, "GET / HTTP/1.1\r\n\(host)\(lines)\r\n")
    }

    private static func around(_ name: String, _ before: String, _ bytes: [UInt8], _ after: String) -> Self {
        Self(name, bytes: Array(before.utf8) + bytes + Array(after.utf8))
    }

    private static func target(_ target: String, _ status: Int = 400) -> Self {
        Self("target \(target)", status, "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
    }

    private static func chunked(_ name: String, _ body: String) -> Self {
        Self(name, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)")
    }

    private static func length(_ value: String) -> Self {
        Self("Content-Length '\(value)'", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\(value)\r\n\r\nab")
    }

    /// Cases that are refused when the header is complete.
    static let headers: [FramingCase] = written + transferEncodings + lengths + targets

    private static let written: [FramingCase] = [
        Self(
            "CL 0 and CL 2",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 2\r\n\r\nab"),
        Self(
            "CL 2 twice", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab"
        ),
        Self(
            "CL and TE",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        Self(
            "TE and CL",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
        ),
        Self(
            "space before the colon",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
        ),
        header("tab before the colon", "X-A\t: b\r\n"),
        header("two Host", "Host: a\r\n"),
        header("two different Host", "Host: b\r\n"),
        header("no Host", "X-A: b\r\n", host: ""),
        header("empty Host", "", host: "Host:\r\n"),
        header("blank Host", "", host: "Host:  \r\n"),
        header("Host with a path", "", host: "Host: a/b\r\n"),
        header("Host with userinfo", "", host: "Host: u@a\r\n"),
        header("Host list", "", host: "Host: a, b\r\n"),
        header("Host with a space", "", host: "Host: a b\r\n"),
        header("Host with a bad port", "", host: "Host: a:b\r\n"),
        header("Host with a port too large", "", host: "Host: a:65536\r\n"),
        header("Host with an open bracket", "", host: "Host: [::1\r\n"),
        header("Host with junk behind the bracket", "", host: "Host: [::1]x\r\n"),
        around("NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX-A: b", [0], "c\r\n\r\n"),
        around("DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX-A: b", [0x7F], "\r\n\r\n"),
        around("NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nX", [0], ": c\r\n\r\n"),
        around("NUL in the target", "GET /a", [0], "b HTTP/1.1\r\nHost: a\r\n\r\n"),
        around("raw byte above 0x7F in the target", "GET /", [0xC3, 0xA9], " HTTP/1.1\r\nHost: a\r\n\r\n"),
        header("bare CR in a value", "X-A: b\rc\r\n"),
        header("CR CR LF", "X-A: b\r\r\n"),
        header("name with a parenthesis", "X(A: b\r\n"),
        header("empty name", ": b\r\n"),
        header("no colon", "X-A\r\n"),
        header("space in a name", "X A: b\r\n"),
        header("folded line", "X-A: b\r\n c\r\n"),
        header("folded line with a tab", "X-A: b\r\n\tc\r\n"),
        Self("leading space on the first header", "GET / HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n"),
        Self("blank line with a space", "GET / HTTP/1.1\r\nHost: a\r\n \r\n\r\n"),
        Self("bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        Self("bare LF after a field", "GET / HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n"),
        Self("bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n"),
        Self("bare LF alone", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("two empty lines in front", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("bare CR after the request line", "GET / HTTP/1.1\rHost: a\r\n\r\n"),
        header("two Authorization", "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"),
        header("two Content-Type", "Content-Type: a/b\r\ncontent-type: a/b\r\n"),
        Self("method with a parenthesis", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("method in lower case", 501, "get / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("unknown method", 501, "FOO / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("CONNECT", 501, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("TRACE in lower case", 501, "trace / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("method beginning like a known one", 501, "GETX / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("space before the method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("two spaces before the target", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("two spaces before the version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("space behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
        Self("tab before the target", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("HTTP/0.9", "GET /\r\n\r\n"),
        Self("HTTP/2.0", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        Self("HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        Self("HTTP/1.2", 505, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
        Self("http/1.1", "GET / http/1.1\r\nHost: a\r\n\r\n"),
        Self("HTTP/1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
        Self("HTTP/11", "GET / HTTP/11\r\nHost: a\r\n\r\n"),
        header("other expectation", "Expect: 200-maybe\r\n", status: 417),
        header("two expectations", "Expect: 100-continue, 200-maybe\r\n", status: 417),
        Self(
            "Transfer-Encoding in HTTP/1.0",
            "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Self(
            "long request line", 414,
            "GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: a\r\n\r\n"),
        header("many fields", String(repeating: "X-A: b\r\n", count: 5000), status: 431),
        header("101 fields", String(repeating: "X-A: b\r\n", count: 100), status: 431),
        header("large header", "X-A: \(String(repeating: "b", count: 100_000))\r\n", status: 431),
        Self("OPTIONS * of another method", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("absolute target of another host", "GET http://evil/x HTTP/1.1\r\nHost: a\r\n\r\n"),
        Self("absolute target without Host", "GET http://a/x HTTP/1.1\r\n\r\n"),
    ]

    private static let transferEncodings: [FramingCase] = [
        "xchunked", "chunked, identity", "gzip, chunked", "chunked, chunked", "identity", "\u{B}chunked",
        "chunked;a=b", "",
        "chunked,", ", chunked", "\"chunked\"", "chunked\r\nTransfer-Encoding: chunked",
        "identity\r\nTransfer-Encoding: chunked",
    ].map { (value: String) in
        FramingCase(
            "Transfer-Encoding '\(value)'",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \(value)\r\n\r\n0\r\n\r\n")
    }

    private static let lengths: [FramingCase] = [
        " +2", " 0x2", " 2, 2", " 2,2", " -1", "", " ", " 2 ", " 2\t", " 2a", " 1e1",
        " 99999999999999999999", " \u{664}", " 2 2",
    ].map(length)

    private static let targets: [FramingCase] = [
        "/%00", "/a/%2e%2e/admin", "/a/../admin", "/..", "/a/.", "/./a", "/%2e/a", "/.%2E/a",
        "//", "//a",
        "/a//b", "/a%2fb", "/a%2Fb", "/a%5cb", "/a\\b", "/%", "/%2", "/%g0", "/%0", "/%0a", "/%7f",
        "/%80", "/%c3",
        "/%c0%af", "/%ed%a0%80", "/a#b", "/a?b#c", "/a?%00", "/a?b=%0", "/a?b=\"", "/<", "/a|b", "/a^b",
        "a", "a:80",
        "http://", "http:///a", "ftp://a/", "http://a@a/", "*a", "?a", "/a?a%00b=1", "/a\u{7F}",
    ].map { (value: String) in target(value) }

    /// Cases that are refused in the body.
    static let bodies: [FramingCase] = [
        chunked("chunk size 0x2", "0x2\r\nab\r\n0\r\n\r\n"),
        chunked("chunk size with a space before", " 2\r\nab\r\n0\r\n\r\n"),
        chunked("chunk size with a space behind", "2 \r\nab\r\n0\r\n\r\n"),
        chunked("chunk size with a plus", "+2\r\nab\r\n0\r\n\r\n"),
        chunked("chunk size with a minus", "-2\r\nab\r\n0\r\n\r\n"),
        chunked("chunk size with an underscore", "0_2\r\nab\r\n0\r\n\r\n"),
        chunked("chunk size with junk", "2g\r\nab\r\n0\r\n\r\n"),
        chunked("chunk size that overflows", "10000000000000002\r\nab\r\n0\r\n\r\n"),
        chunked("chunk size of all ones", "ffffffffffffffff\r\nab\r\n0\r\n\r\n"),
        chunked("empty chunk size", "\r\nab\r\n0\r\n\r\n"),
        chunked("extension without a size", ";a\r\nab\r\n0\r\n\r\n"),
        chunked("chunk longer than its size", "2\r\nabc\r\n0\r\n\r\n"),
        chunked("chunk shorter than its size", "3\r\nab\r\n0\r\n\r\n"),
        chunked("LF behind a chunk", "2\r\nab\n0\r\n\r\n"),
        chunked("LF behind a chunk size", "2\nab\r\n0\r\n\r\n"),
        chunked("CR without LF behind a chunk size", "2\rab\r\n0\r\n\r\n"),
        chunked("LF in an extension", "2;a\nab\r\n0\r\n\r\n"),
        chunked("CR in an extension", "2;a\rb\r\nab\r\n0\r\n\r\n"),
        chunked("NUL in an extension", "2;a\0\r\nab\r\n0\r\n\r\n"),
        chunked("long extension", "2;\(String(repeating: "a", count: 2000))\r\nab\r\n0\r\n\r\n"),
        chunked(
            "many extensions",
            String(repeating: "1;\(String(repeating: "a", count: 99))\r\na\r\n", count: 20) + "0\r\n\r\n"),
        chunked("LF behind the last chunk", "2\r\nab\r\n0\n\r\n"),
        chunked("LF at the end", "2\r\nab\r\n0\r\n\n"),
        chunked("trailer without a colon", "2\r\nab\r\n0\r\nX\r\n\r\n"),
        chunked("trailer with a space in its name", "2\r\nab\r\n0\r\nX : b\r\n\r\n"),
        chunked("trailer with NUL", "2\r\nab\r\n0\r\nX: \0\r\n\r\n"),
        chunked("trailer with bare LF", "2\r\nab\r\n0\r\nX: b\n\r\n"),
        chunked("folded trailer", "2\r\nab\r\n0\r\nX: b\r\n c\r\n\r\n"),
        chunked("long trailer", "2\r\nab\r\n0\r\nX: \(String(repeating: "a", count: 9000))\r\n\r\n"),
    ]
}

/// A message that must be served, with the request that a handler must see.
struct ValidCase: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    /// `METHOD path?query body` of each request in turn.
    let served: [String]

    var testDescription: String { name }

    init(_ name: String, _ text: String, _ served: String...) {
        self.name = name
        self.text = text
        self.served = served
    }

    static let all: [ValidCase] = [
        Self("plain", "GET /a HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a "),
        Self("empty line in front", "\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a "),
        Self("query", "GET /a?b=c&d[gt]=%20?/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a?b=c&d[gt]=%20?/ "),
        Self("empty query", "GET /a? HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a? "),
        Self("encoded path", "GET /caf%C3%A9/%41%20b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /café/A b "),
        Self(
            "dots that are no dot segment", "GET /.well-known/a..b/... HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /.well-known/a..b/... "),
        Self("trailing slash", "GET /a/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a/ "),
        Self("absolute target", "GET http://A:80/x?y HTTP/1.1\r\nHost: a:80\r\n\r\n", "GET /x?y "),
        Self("absolute target without a path", "GET https://a HTTP/1.1\r\nHost: a\r\n\r\n", "GET / "),
        Self("absolute target with a query only", "GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /?b "),
        Self("QUERY", "QUERY / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n?", "QUERY / ?"),
        Self("TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", "TRACE / "),
        Self("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * "),
        Self("IPv6 host", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", "GET / "),
        Self("names in any case", "POST / HTTP/1.1\r\nhOST:a\r\ncontent-LENGTH:\t2\r\n\r\nab", "POST / ab"),
        Self(
            "chunks",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nab\r\n03\r\ncde\r\n0\r\n\r\n",
            "POST / abcde"),
        Self(
            "chunk size in capitals",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n000\r\n\r\n",
            "POST / 0123456789"),
        Self(
            "extension and trailers",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;a=\"b\"\r\nab\r\n0;c\r\nAuthorization: Bearer x\r\nY:\r\n\r\nGET /n HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST / ab", "GET /n "),
        Self(
            "pipeline",
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 ", "POST /2 abc", "GET /3 "),
        Self("HTTP/1.0 without Host", "GET /old HTTP/1.0\r\n\r\n", "GET /old "),
        Self("HTTP/1.0 closes", "GET /old HTTP/1.0\r\n\r\nGET /n HTTP/1.0\r\n\r\n", "GET /old "),
        Self(
            "HTTP/1.0 kept", "GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /n HTTP/1.0\r\n\r\n",
            "GET /old ", "GET /n "),
        Self(
            "close asked for",
            "GET /a HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\nGET /n HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /a "),
        Self(
            "Content-Length 0",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\nGET /n HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST / ", "GET /n "),
        Self("obs-text and tab in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \u{e9}\tb \r\n\r\n", "GET / "),
        Self(
            "100 fields", "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 99) + "\r\n",
            "GET / "),
    ]
}
