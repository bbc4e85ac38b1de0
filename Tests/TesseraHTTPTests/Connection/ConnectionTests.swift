import Testing

@testable import TesseraHTTP

@Suite struct ConnectionTests {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static func post(_ length: Int, _ more: String = "") -> String {
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\(more)\r\n"
    }

    @Test func pipelinedAnswersGoOutTogetherAndInOrder() {
        var driver = ConnectionDriver()
        driver.feed("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(driver.served == ["GET /1 ", "GET /2 "])
        #expect(driver.statuses == [200, 200])
    }

    @Test func aPipelinedRequestWaitsForTheAnswerBefore() {
        var driver = ConnectionDriver()
        driver.holdsAnswers = true
        driver.feed(Self.request + Self.request)
        #expect(driver.requests.count == 1)
        driver.answer(Response(.ok))
        #expect(driver.requests.count == 2)
    }

    @Test func oneHundredIsSentWhenTheBodyIsRead() {
        var driver = ConnectionDriver()
        driver.holdsAnswers = true
        driver.feed(Self.post(2, "Expect: 100-continue\r\n"))
        #expect(driver.sent == [])
        driver.connection.collectBody(upTo: 10, now: driver.now)
        driver.run()
        #expect(driver.sentText == "HTTP/1.1 100 Continue\r\n\r\n")
        driver.feed("ab")
        #expect(driver.served == ["POST / ab"])
    }

    @Test func aBodyMayBeReadWithoutALimit() {
        for framing in ["Content-Length: 3\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"] {
            var driver = ConnectionDriver()
            driver.holdsAnswers = true
            driver.feed("POST / HTTP/1.1\r\nHost: a\r\n" + framing)
            driver.connection.collectBody(upTo: .max, now: driver.now)
            driver.feed(framing.contains("Length") ? "abc" : "3\r\nabc\r\n0\r\n\r\n")
            #expect(driver.served == ["POST / abc"])
        }
    }

    @Test(
        arguments: [
            ("Host: a\r\nOrigin:  https://a \r\nContent-Length: x\r\n\r\n", "https://a"),
            ("Host: a\r\nContent-Length: x\r\norigin:https://a\r\n\r\n", "https://a"),
            ("Origin: https://a\r\nTransfer-Encoding: gzip\r\nHost: a\r\n\r\n", "https://a"),
            ("Origin: https://a\r\n\r\n", "https://a"),
            ("Content-Length: x\r\n\r\nOrigin: https://a\r\n\r\n", nil),
            ("Content-Length: x\r\nOrigin: https://a\r\nOrigin: https://a\r\n\r\n", nil),
            ("Content-Length: x\r\nX-Origin: https://a\r\nOrigins: b\r\n\r\n", nil),
            ("Content-Length: x\r\nOrigin: https://a", nil), ("Content-Length: x\r\nOrigin:\r\n\r\n", ""),
        ] as [(String, String?)])
    func aRefusedRequestIsKnownByItsPathAndOrigin(_ fields: String, _ origin: String?) {
        var driver = ConnectionDriver()
        driver.feed("POST /api/x?y HTTP/1.1\r\n" + fields)
        #expect(driver.refused == [400])
        #expect(driver.refusedRequest?.path == "/api/x")
        #expect(driver.refusedRequest?.origin == origin)
    }

    @Test func withoutARequestLineNothingIsKnown() {
        for line in [
            "GET /\u{1} HTTP/1.1", "GET / HTTP/9.9", "WHAT / HTTP/1.1",
            "GET /" + String(repeating: "a", count: 9_000),
        ] {
            var driver = ConnectionDriver()
            driver.feed(line + "\r\nOrigin: https://a\r\n\r\n")
            #expect(driver.refused.count == 1)
            #expect(driver.refusedRequest?.path == nil)
            #expect(driver.refusedRequest?.origin == nil)
        }
    }

    @Test(
        "RFC 9110 §10.1.1: expectations are a list",
        arguments: [
            "Expect: 100-Continue\r\nExpect: 100-continue\r\n", "Expect: 100-continue, 100-continue,\r\n",
        ])
    func anExpectationMayBeRepeated(_ lines: String) {
        var driver = ConnectionDriver()
        driver.feed(Self.post(2, lines))
        #expect(driver.sentText == "HTTP/1.1 100 Continue\r\n\r\n")
        driver.feed("ab")
        #expect(driver.served == ["POST / ab"])
    }

    @Test func anEmptyExpectationIsNone() {
        var driver = ConnectionDriver()
        driver.feed(Self.post(2, "Expect: ,\r\n"))
        #expect(driver.sent == [])
        driver.feed("ab")
        #expect(driver.served == ["POST / ab"])
    }

    @Test func noHundredIsSentWhenTheBodyIsHereAlready() {
        var driver = ConnectionDriver()
        driver.feed(Self.post(2, "Expect: 100-continue\r\n") + "ab")
        #expect(driver.served == ["POST / ab"])
        #expect(!driver.sentText.contains("100 Continue"))
    }

    @Test func anAnswerWithoutTheExpectedBodyCloses() {
        var driver = ConnectionDriver()
        driver.immediateAnswer = Response(.unauthorized)
        driver.feed(Self.post(2, "Expect: 100-continue\r\n"))
        #expect(driver.statuses == [401])
        #expect(driver.sentText.contains("Connection: close"))
        #expect(driver.connection.phase == .lingering)
    }

    @Test func aLittleUnreadBodyIsDrained() {
        var driver = ConnectionDriver()
        driver.immediateAnswer = Response(.unauthorized)
        driver.feed(Self.post(1000))
        #expect(driver.connection.phase == .draining)
        driver.feed(String(repeating: "x", count: 1000) + Self.request)
        #expect(driver.statuses == [401, 401])
        #expect(driver.connection.phase == .head)
    }

    @Test func aLargeUnreadBodyClosesWithoutBeingServed() {
        var driver = ConnectionDriver()
        driver.immediateAnswer = Response(.unauthorized)
        driver.feed(Self.post(10_000_000))
        driver.feed(Self.request)
        #expect(driver.statuses == [401])
        #expect(driver.connection.phase == .lingering)
    }

    @Test func anEndlessChunkedBodyIsNotDrainedForEver() {
        var driver = ConnectionDriver()
        driver.immediateAnswer = Response(.unauthorized)
        driver.feed("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = "1000\r\n" + String(repeating: "x", count: 4096) + "\r\n"
        for _ in 0..<20 { driver.feed(chunk) }
        #expect(driver.connection.phase == .lingering)
        #expect(driver.statuses == [401])
    }

    @Test func lingeringIsBoundedInBytesAndTime() {
        var limits = HTTPLimits()
        limits.lingeringBytes = 1000
        var driver = ConnectionDriver(limits: limits)
        driver.feed("bad\r\n")
        #expect(driver.connection.phase == .lingering)
        driver.feed([UInt8](repeating: 0, count: 1001))
        #expect(driver.connection.phase == .closed)

        var patient = ConnectionDriver()
        patient.feed("bad\r\n")
        patient.pass(seconds: 6)
        #expect(patient.connection.phase == .closed)
    }

    @Test(arguments: [10, 11])
    func aBodyLargerThanTheLimitIsRefused(_ size: Int) {
        for framing in ["Content-Length: \(size)", "Transfer-Encoding: chunked"] {
            var driver = ConnectionDriver()
            driver.bodyLimit = 10
            driver.feed("POST / HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n")
            let data = String(repeating: "x", count: size)
            driver.feed(
                framing.hasPrefix("C") ? data : "\(String(size, radix: 16))\r\n\(data)\r\n0\r\n\r\n")
            #expect(driver.statuses == [size == 10 ? 200 : 413], "\(framing)")
        }
    }

    @Test func aSlowHeaderIsAnsweredRequestTimeout() {
        var driver = ConnectionDriver()
        driver.feed("GET / HTTP/1.1\r\n")
        // Sending a byte now and then does not help: the limit is on the total time.
        for _ in 0..<9 {
            driver.pass(seconds: 1)
            driver.feed("X")
        }
        #expect(driver.statuses == [])
        driver.pass(seconds: 2)
        #expect(driver.statuses == [408])
        #expect(driver.connection.phase == .lingering)
    }

    @Test func aConnectionThatSaysNothingIsClosedWithoutAnAnswer() {
        var driver = ConnectionDriver()
        driver.pass(seconds: 11)
        #expect(driver.sent == [])
        #expect(driver.connection.phase == .closed)
    }

    @Test func aRestingConnectionIsClosedAfterTheIdleTime() {
        var driver = ConnectionDriver()
        driver.feed(Self.request)
        driver.pass(seconds: 74)
        #expect(driver.connection.phase == .head)
        driver.pass(seconds: 2)
        #expect(driver.connection.phase == .closed)
    }

    @Test func theHeaderTimeOfALaterRequestBeginsWithItsFirstByte() {
        var driver = ConnectionDriver()
        driver.feed(Self.request)
        driver.pass(seconds: 60)
        driver.feed("G")
        driver.pass(seconds: 9)
        #expect(driver.statuses == [200])
        driver.pass(seconds: 2)
        #expect(driver.statuses == [200, 408])
    }

    @Test func aSlowBodyIsAnsweredRequestTimeout() {
        var driver = ConnectionDriver()
        driver.feed(Self.post(100))
        for _ in 0..<29 {
            driver.pass(seconds: 1)
            driver.feed("x")
        }
        driver.pass(seconds: 2)
        #expect(driver.statuses == [408])
        #expect(driver.connection.phase == .lingering)
    }

    @Test func aClientThatReadsNothingIsDropped() {
        var driver = ConnectionDriver()
        driver.holdsAnswers = true
        driver.feed(Self.request)
        _ = driver.connection.respond(
            Response(.ok, body: .bytes([UInt8](repeating: 1, count: 100_000))), date: ConnectionDriver.date,
            now: driver.now)
        driver.connection.sent(10, now: driver.now)
        for _ in 0..<31 where driver.connection.phase != .closed {
            driver.now = driver.now.advanced(byNanoseconds: 1_000_000_000)
            driver.connection.sent(1, now: driver.now)
            driver.connection.expire(now: driver.now)
        }
        #expect(driver.connection.phase == .closed)
        #expect(driver.connection.output.isEmpty)
    }

    @Test func aClientThatLeavesDuringABodyEndsIt() {
        var driver = ConnectionDriver()
        driver.feed(Self.post(100) + "abc")
        driver.end()
        #expect(driver.refused == [400])
        #expect(driver.connection.phase == .closed)
    }

    @Test func aClientThatOnlyStopsSendingIsAnswered() {
        var driver = ConnectionDriver()
        driver.holdsAnswers = true
        driver.feed(Self.request)
        driver.end()
        #expect(driver.connection.phase == .handling)
        driver.answer(Response(.ok))
        #expect(driver.statuses == [200])
        #expect(driver.connection.phase == .closed)
    }

    @Test func headHasTheFieldsOfGetAndNoBody() {
        var get = ConnectionDriver()
        get.immediateAnswer = Response(.ok, "text/plain", Array("hello".utf8))
        get.feed(Self.request)
        var head = ConnectionDriver()
        head.immediateAnswer = get.immediateAnswer
        head.feed("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(head.sentText + "hello" == get.sentText)
    }

    @Test(arguments: [Status.noContent, .notModified])
    func answersWithoutABodyHaveNoLength(_ status: Status) {
        var driver = ConnectionDriver()
        driver.immediateAnswer = Response(status, body: .bytes([1]))
        driver.feed(Self.request)
        #expect(!driver.sentText.contains("Content-Length"))
        #expect(driver.sentText.hasSuffix("\r\n\r\n"))
    }

    @Test func fieldsOfTheEngineAreNotTakenFromAHandler() {
        var driver = ConnectionDriver()
        driver.immediateAnswer = Response(
            .ok,
            fields: ["content-length": "5", "Transfer-Encoding": "chunked", "Connection": "x", "X-A": "b"])
        driver.feed(Self.request)
        #expect(
            driver.sentText
                == "HTTP/1.1 200 OK\r\nX-A: b\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n"
        )
    }

    @Test func aStreamOfUnknownLengthIsChunked() {
        var driver = ConnectionDriver()
        driver.holdsAnswers = true
        driver.feed(Self.request)
        driver.begin(Self.stream(nil))
        driver.write(Array("hello".utf8))
        driver.write([])
        driver.write([UInt8](repeating: 0x61, count: 16))
        driver.connection.finishStream(now: driver.now)
        driver.run()
        #expect(
            driver.sentText.contains(
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n10\r\naaaaaaaaaaaaaaaa\r\n0\r\n\r\n"))
        #expect(driver.connection.phase == .head)
    }

    @Test func aStreamToHTTP10EndsWithTheConnection() {
        var driver = ConnectionDriver()
        driver.holdsAnswers = true
        driver.feed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        driver.begin(Self.stream(nil))
        driver.write(Array("hello".utf8))
        driver.connection.finishStream(now: driver.now)
        driver.run()
        #expect(driver.sentText.hasSuffix("Connection: close\r\n\r\nhello"))
        #expect(driver.connection.phase == .lingering)
    }

    @Test(arguments: [4, 6])
    func aStreamThatIsNotAsLongAsAnnouncedBreaksOff(_ length: Int) {
        var driver = ConnectionDriver()
        driver.holdsAnswers = true
        driver.feed(Self.request)
        driver.begin(Self.stream(5))
        let isWritten = driver.connection.write([UInt8](repeating: 0x61, count: length))
        #expect(isWritten == (length < 5))
        driver.connection.finishStream(now: driver.now)
        #expect(driver.connection.phase == .closed)
        #expect(driver.connection.output.isEmpty)
    }

    @Test func aStoppingServerClosesTheConnectionAfterTheAnswer() {
        var driver = ConnectionDriver()
        driver.holdsAnswers = true
        driver.feed(Self.request)
        driver.connection.stop()
        driver.answer(Response(.ok))
        #expect(driver.sentText.contains("Connection: close"))
        #expect(driver.connection.phase == .lingering)

        var idle = ConnectionDriver()
        idle.connection.stop()
        #expect(idle.connection.phase == .closed)
    }

    @Test func cookiesOfSeveralFieldsAreJoined() {
        var driver = ConnectionDriver()
        driver.feed("GET / HTTP/1.1\r\nCookie: a=b\r\nHost: a\r\ncookie: c=d\r\n\r\n")
        #expect(driver.requests[0].fields.values(of: .cookie) == ["a=b; c=d"])
        #expect(driver.requests[0].fields[.host] == "a")
    }

    @Test func onlyOwnHostsAreServed() {
        func status(_ host: String) -> [Int] {
            var driver = ConnectionDriver(hosts: ["Example.com", "other.example:8080"])
            driver.feed("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n")
            return driver.statuses
        }
        #expect(status("example.COM") == [200])
        #expect(status("example.com:9") == [200])
        #expect(status("other.example:8080") == [200])
        #expect(status("other.example") == [421])
        #expect(status("evil.example") == [421])
    }

    @Test func aFloodOfPipelinedRequestsWaitsForItsReader() {
        var driver = ConnectionDriver()
        driver.immediateAnswer = Response(.ok, body: .bytes([UInt8](repeating: 1, count: 100_000)))
        Array(String(repeating: Self.request, count: 10).utf8).withUnsafeBytes {
            driver.connection.receive($0)
        }
        driver.run(sending: false)
        #expect(driver.requests.count == 3)
        driver.run()
        #expect(driver.requests.count == 10)
    }

    private static func stream(_ length: Int?) -> Response {
        Response(.ok, body: .stream(length: length) { _ in })
    }
}
