/// An error as a program reads it, `application/problem+json`, RFC 9457.
public struct ProblemDetails: Sendable {
    /// A URI that names the kind of problem; `about:blank` says no more than the status.
    public var type: String
    /// The kind of problem in a few words, always the same for one `type`.
    public var title: String
    /// The status of the answer, which is the status of the body too.
    public var status: Status
    /// What is wrong this time, in a sentence for people.
    public var detail: String?
    /// Further members, in order (RFC 9457 §3.2).
    public private(set) var extensions: [(name: String, value: ProblemValue)] = []

    /// Puts a problem together.
    ///
    /// - Parameters:
    ///   - status: The status of the answer.
    ///   - type: A URI that names the kind of problem.
    ///   - title: `nil` for the status' own phrase, as RFC 9457 §4.2.1 wants it for `about:blank`.
    ///   - detail: What is wrong this time, without anything secret.
    ///   - extensions: Further members, none of them twice.
    public init(
        _ status: Status, type: String = "about:blank", title: String? = nil, detail: String? = nil,
        extensions: [(String, ProblemValue)] = []
    ) {
        self.type = type
        self.title = title ?? status.reason.description
        self.status = status
        self.detail = detail
        for (name, value) in extensions { add(name, value) }
    }

    /// What an error of HTTP itself says.
    public init(_ error: HTTPError) { self.init(error.status, detail: error.detail) }

    /// Adds a member. A name that is there already is a programming error: JSON has no duplicate members.
    public mutating func add(_ name: String, _ value: ProblemValue) {
        precondition(
            !["type", "title", "status", "detail", "instance"].contains(name)
                && !extensions.contains { $0.name == name },
            "the problem has a member \(name) already")
        extensions.append((name, value))
    }

    /// The JSON text in UTF-8.
    public var bytes: [UInt8] {
        var json: [UInt8] = []
        json.reserveCapacity(256)
        var members: [(name: String, value: ProblemValue)] = [
            ("type", .string(type)), ("title", .string(title)), ("status", .integer(status.code)),
        ]
        if let detail { members.append(("detail", .string(detail))) }
        JSONText.appendObject(members + extensions, to: &json) { $0.append(to: &$1) }
        return json
    }

    /// An answer of this status with this body.
    ///
    /// - Parameter fields: Fields the answer carries as well, such as `Allow`.
    public func response(fields: Fields = Fields()) -> Response {
        Response(status, "application/problem+json", bytes, fields: fields)
    }
}

/// The value of an extension member of ``ProblemDetails``.
public enum ProblemValue: Sendable {
    /// A text.
    case string(String)
    /// A whole number.
    case integer(Int)
    /// A list of objects whose members are strings, such as the violations of a form.
    case objects([[(String, String)]])

    fileprivate func append(to json: inout [UInt8]) {
        switch self {
        case .string(let text):
            JSONText.appendString(text, to: &json)
        case .integer(let number):
            json.append(contentsOf: String(number).utf8)
        case .objects(let objects):
            json.append(0x5B)
            for (index, object) in objects.enumerated() {
                if index > 0 { json.append(0x2C) }
                JSONText.appendObject(object, to: &json, JSONText.appendString)
            }
            json.append(0x5D)
        }
    }
}

/// The little JSON that a problem needs (RFC 8259 §4, §7).
private enum JSONText {
    static func appendObject<Value>(
        _ members: [(name: String, value: Value)], to json: inout [UInt8],
        _ appendValue: (Value, inout [UInt8]) -> Void
    ) {
        json.append(0x7B)
        for (index, member) in members.enumerated() {
            if index > 0 { json.append(0x2C) }
            appendString(member.name, to: &json)
            json.append(0x3A)
            appendValue(member.value, &json)
        }
        json.append(0x7D)
    }

    static func appendString(_ text: String, to json: inout [UInt8]) {
        json.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C:
                json.append(0x5C)
                json.append(byte)
            case 0x0A:
                json.append(contentsOf: "\\n".utf8)
            case 0x00..<0x20:
                let digits: StaticString = "0123456789abcdef"
                json.append(contentsOf: "\\u00".utf8)
                json.append(digits.utf8Start[Int(byte >> 4)])
                json.append(digits.utf8Start[Int(byte & 0xF)])
            default:
                json.append(byte)
            }
        }
        json.append(0x22)
    }
}
