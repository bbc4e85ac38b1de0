import FuzzDriver

@testable import TesseraHTTP

/// The requests and refusals that a connection made from its input.
private struct Outcome: Equatable {
    /// Method, target, fields and body of each request.
    var served: [[UInt8]] = []
    var refused: [Int] = []
}

/// The owner of a connection, with a handler that reads every body.
private struct Owner {
    private static let settings = ConnectionSettings(limits: HTTPLimits(), hosts: [])
    private static let now = Instant(nanoseconds: 0)
    private static let date = Array("Thu, 01 Jan 1970 00:00:00 GMT".utf8)

    private var connection = Connection(settings, now: now)
    private(set) var outcome = Outcome()
    private var request: Request?

    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        if !bytes.isEmpty { connection.receive(bytes) }
        while true {
            switch connection.advance(now: Self.now) {
            case .wait:
                connection.sent(connection.output.count, now: Self.now)
                guard connection.isHeldBack else { return }
            case .handle(let head, let body):
                let request = head.request
                precondition(outcome.refused.isEmpty, "a request was served after a refusal")
                precondition(request.path == "*" || request.path.utf8.first == 0x2F, "not a path")
                precondition(!request.path.utf8.contains(0), "a path with NUL")
                for name in ["host", "content-length", "transfer-encoding", "authorization"] as [FieldName] {
                    precondition(
                        request.fields.count(of: name) <= 1, "a repeated field that may occur only once")
                }
                precondition(
                    request.fields.bytes.allSatisfy(Self.mayStandInFields), "a control byte in the fields")
                self.request = request
                if let body {
                    serve(body)
                } else {
                    connection.collectBody(upTo: 64 * 1024, now: Self.now)
                }
            case .refuse(let error, _):
                refuse(error)
            case .deliver(.failure(let error)):
                refuse(error)
            case .deliver(.success(let body)):
                serve(body)
            }
        }
    }

    /// The bytes of an accepted block of field lines: values and line ends.
    private static func mayStandInFields(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F || byte == 0x09 || byte == 0x0D || byte == 0x0A
    }

    private mutating func refuse(_ error: HTTPError) {
        precondition(outcome.refused.isEmpty, "two refusals")
        outcome.refused.append(error.status.code)
        _ = connection.respond(Response(error.status), date: Self.date, now: Self.now)
        precondition(connection.phase != .head, "a connection continues after a refusal")
    }

    private mutating func serve(_ body: [UInt8]) {
        guard let request else { preconditionFailure("a body without a request") }
        var seen = Array("\(request.method) \(request.path) ".utf8)
        seen.append(contentsOf: (request.query ?? "-").utf8)
        seen.append(contentsOf: request.fields.bytes)
        outcome.served.append(seen + body)
        _ = connection.respond(Response(.ok), date: Self.date, now: Self.now)
    }
}

/// The engine never traps, gives the same result for every split of the input, and serves nothing after a refusal.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTP(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    guard let data, size >= 2 else { return 0 }
    // The first two bytes are the position of the split.
    let bytes = UnsafeRawBufferPointer(start: data + 2, count: size - 2)
    let split = Int(UInt16(data[0]) << 8 | UInt16(data[1])) % (bytes.count + 1)
    var whole = Owner()
    whole.feed(bytes)
    var parts = Owner()
    parts.feed(UnsafeRawBufferPointer(rebasing: bytes[..<split]))
    parts.feed(UnsafeRawBufferPointer(rebasing: bytes[split...]))
    precondition(whole.outcome == parts.outcome, "the split changes what is served")
    if bytes.count <= 128 {
        var single = Owner()
        for index in 0..<bytes.count { single.feed(UnsafeRawBufferPointer(rebasing: bytes[index...index])) }
        precondition(whole.outcome == single.outcome, "single bytes change what is served")
    }
    return 0
}

// SwiftPM expects the entry point of an executable under this name, so libFuzzer's own `main` is never linked.
@_cdecl("FuzzHTTP_main")
public func fuzzHTTPMain(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?)
    -> CInt
{
    runFuzzer(count, arguments, fuzzHTTP)
}
