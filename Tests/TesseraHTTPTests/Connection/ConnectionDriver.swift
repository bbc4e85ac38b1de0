import Testing

@testable import TesseraHTTP

/// Owns a ``Connection`` without a socket, with a handler that reads every body and reports the request.
struct ConnectionDriver {
    var connection: Connection
    var now = Instant(nanoseconds: 0)
    /// `METHOD path?query body` of each request that was answered.
    private(set) var served: [String] = []
    private(set) var refused: [Int] = []
    /// The known parts of the last refused request.
    private(set) var refusedRequest: RefusedRequest?
    /// All bytes that were sent, without those that the connection still holds.
    private(set) var sent: [UInt8] = []
    private(set) var requests: [Request] = []
    /// If set, the handler answers this without reading the body.
    var immediateAnswer: Response?
    /// If set, the handler does not answer by itself.
    var holdsAnswers = false
    var bodyLimit = 1 << 20

    init(limits: HTTPLimits = HTTPLimits(), hosts: [String] = []) {
        connection = Connection(ConnectionSettings(limits: limits, hosts: hosts), now: now)
    }

    static let date = Array("Thu, 01 Jan 1970 00:00:00 GMT".utf8)

    var sentText: String { String(decoding: sent, as: UTF8.self) }
    /// The status codes of the answers so far, without interim ones.
    var statuses: [Int] {
        sentText.components("HTTP/1.1 ").dropFirst().compactMap { Int($0.prefix(3)) }.filter { $0 != 100 }
    }

    mutating func feed(_ bytes: some Sequence<UInt8>) {
        Array(bytes).withUnsafeBytes { connection.receive($0) }
        run()
    }

    mutating func feed(_ text: String) { feed(Array(text.utf8)) }

    mutating func end() {
        connection.receiveEnd()
        run()
    }

    /// Advances the time, and checks the deadlines.
    mutating func pass(seconds: Int64) {
        now = now.advanced(byNanoseconds: seconds * 1_000_000_000)
        connection.expire(now: now)
        run()
    }

    mutating func answer(_ response: Response) {
        _ = connection.respond(response, date: Self.date, now: now)
        run()
    }

    /// Begins a streamed answer.
    mutating func begin(_ response: Response) {
        let streams = connection.respond(response, date: Self.date, now: now)
        #expect(streams)
    }

    mutating func write(_ bytes: [UInt8]) {
        let isWritten = connection.write(bytes)
        #expect(isWritten)
    }

    mutating func run(sending: Bool = true) {
        while true {
            switch connection.advance(now: now) {
            case .wait:
                if sending { flush() }
                guard connection.isHeldBack else { return }
            case .handle(let head, let body):
                let request = head.request
                requests.append(request)
                if holdsAnswers { continue }
                if let immediateAnswer {
                    served.append(Self.describe(request, []))
                    _ = connection.respond(immediateAnswer, date: Self.date, now: now)
                } else if let body {
                    serve(body)
                } else {
                    connection.collectBody(upTo: bodyLimit, now: now)
                }
            case .refuse(let error, let request):
                refused.append(error.status.code)
                refusedRequest = request
                _ = connection.respond(Response(error.status), date: Self.date, now: now)
            case .deliver(.success(let body)):
                serve(body)
            case .deliver(.failure(let error)):
                refused.append(error.status.code)
                _ = connection.respond(Response(error.status), date: Self.date, now: now)
            }
        }
    }

    private mutating func serve(_ body: [UInt8]) {
        let description = Self.describe(requests[requests.count - 1], body)
        served.append(description)
        _ = connection.respond(
            Response(.ok, "text/plain", Array(description.utf8)), date: Self.date, now: now)
    }

    private static func describe(_ request: Request, _ body: [UInt8]) -> String {
        "\(request.method) \(request.path)\(request.query.map { "?\($0)" } ?? "") \(String(decoding: body, as: UTF8.self))"
    }

    mutating func flush() {
        connection.output.withUnsafeBytes { sent.append(contentsOf: $0) }
        connection.sent(connection.output.count, now: now)
    }
}

extension String {
    /// The parts between occurrences of a separator.
    func components(_ separator: String) -> [String] {
        var parts: [String] = []
        var rest = Array(utf8)[...]
        let wanted = Array(separator.utf8)
        var part: [UInt8] = []
        while !rest.isEmpty {
            if rest.starts(with: wanted) {
                parts.append(String(decoding: part, as: UTF8.self))
                part = []
                rest = rest.dropFirst(wanted.count)
            } else {
                part.append(rest.removeFirst())
            }
        }
        return parts + [String(decoding: part, as: UTF8.self)]
    }
}
