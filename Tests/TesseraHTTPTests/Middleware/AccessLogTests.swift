import Synchronization
import Testing

@testable import TesseraHTTP

/// Records the entries of an access log, with a clock that advances by 1.5 ms on each reading.
final class AccessLogRecorder: Sendable {
    private let kept = Mutex<[AccessLogEntry]>([])
    private let time = Mutex(ContinuousClock.now)

    var entries: [AccessLogEntry] { kept.withLock { $0 } }

    var log: AccessLog {
        AccessLog(
            now: {
                self.time.withLock {
                    $0 += .microseconds(1500)
                    return $0
                }
            },
            sink: { entry in self.kept.withLock { $0.append(entry) } })
    }
}

@Suite struct AccessLogTests {
    private func log(_ request: Request, _ handler: @escaping Handler) async throws -> AccessLogEntry {
        let recorder = AccessLogRecorder()
        let begun = recorder.log.begin()
        recorder.log.record(request, try await handler(request), begun: begun)
        #expect(recorder.entries.count == 1)
        return try #require(recorder.entries.first)
    }

    @Test func entryHasClientRequestAndOutcome() async throws {
        let request = Request(
            .get, "/api/me", query: "access_token=secret", fields: [.authorization: "Bearer secret"],
            peer: .ipv4(0x7F00_0001, port: 5000), id: RequestID(value: 0xAB))
        let entry = try await log(request) { _ in Response(.ok, "text/plain", [1, 2, 3]) }
        #expect(entry.description == "127.0.0.1 GET /api/me 200 1500us 3 00000000000000ab")
    }

    @Test func sizeIsKnownOrNot() async throws {
        let request = Request(.get, "/")
        #expect(try await log(request) { _ in Response(.noContent) }.bodySize == 0)
        #expect(
            try await log(request) { _ in Response(.ok, body: .stream(length: 9) { _ in }) }.bodySize == 9)
        let unknown = try await log(request) { _ in Response(.ok, body: .stream(length: nil) { _ in }) }
        #expect(unknown.bodySize == nil)
        #expect(unknown.description.contains(" 1500us - "))
    }

    @Test func headHasNoBody() async throws {
        #expect(try await log(Request(.head, "/")) { _ in Response(.ok, "text/plain", [1]) }.bodySize == 0)
    }

    @Test func pathCannotForgeALine() async throws {
        let entry = try await log(Request(.get, "/a b\n\u{1B}[2J\"é\u{2028}")) { _ in Response(.ok) }
        #expect(entry.description.contains(" /a%20b%0A%1B%5B2J%22%C3%A9%E2%80%A8 200 "))
    }
}
