import TesseraCore
import TesseraHTTP
import TesseraJSON

/// A problem document (RFC 9457 §3) whose refusal is still to be named.
struct ProblemTemplate: Sendable {
    static let mediaType = "application/problem+json"

    let status: Status
    /// All members but `refusal` and what follows it, without the closing brace.
    private let opening: [UInt8]

    init(_ status: Status, detail: String) {
        self.status = status
        var json = JSONWriter(capacity: 256)
        json.object { json in
            json.member("type", literal: "about:blank")
            json.member("title", literal: status.reason)
            json.member("status", status.code)
            json.member("detail", detail)
        }
        opening = json.bytes.dropLast() + #","refusal":""#.utf8
    }

    /// The document for one refusal.
    func bytes(refusal: Refusal.ID) -> [UInt8] {
        let length = Refusal.ID.textLength
        return [UInt8](unsafeUninitializedCapacity: opening.count + length + 2) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            opening.withUnsafeBufferPointer { opening in
                opening.baseAddress.map { start.update(from: $0, count: opening.count) }
            }
            _ = refusal.writeText(into: start + opening.count)
            start[opening.count + length] = UInt8(ascii: "\"")
            start[opening.count + length + 1] = UInt8(ascii: "}")
            count = opening.count + length + 2
        }
    }

    /// The document for one refusal of a body, with what is wrong in it.
    func bytes(refusal: Refusal.ID, violations: [(path: String, message: String)]) -> [UInt8] {
        guard !violations.isEmpty else { return bytes(refusal: refusal) }
        var json = JSONWriter(capacity: 512)
        json.array { json in
            for violation in violations {
                json.object { json in
                    json.member("path", violation.path)
                    json.member("message", violation.message)
                }
            }
        }
        return bytes(refusal: refusal).dropLast() + #","violations":"#.utf8 + json.bytes + "}".utf8
    }
}
